import {
	AmbientLight,
	BufferAttribute,
	BufferGeometry,
	DataTexture,
	DirectionalLight,
	DoubleSide,
	Mesh,
	MeshLambertMaterial,
	NearestFilter,
	PerspectiveCamera,
	SRGBColorSpace,
	Scene as Stage,
	Vector3,
	WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { Heights } from "../../render/parts/interpolation.js";
import { element } from "./dom.js";
import { Pace } from "./pace.js";
import {
	BAR_ROOM,
	drawColourBar,
	drawCursor,
	drawShape,
	readyCanvas,
	type Shape,
	write,
	writeWithin,
} from "./paper.js";
import { atShare, heightAt, lossColour, type Plane } from "./plane.js";
import type { PlanePlace } from "./reading.js";
import { edgesOf, HEIGHT, inBox, isOn, PIN } from "./relief-box.js";
import { type ReliefLines, reliefLines } from "./relief-lines.js";
import { standingOn, trainingsOn } from "./standing.js";
import { reachOf, type Scene, type View } from "./view.js";

/** From where a relief is seen: around the upright, from it, in radians, and how near. */
export interface Camera {
	readonly around: number;
	readonly down: number;
	readonly distance: number;
}

export const usualCamera: Camera = { around: Math.PI / 6, down: (48 * Math.PI) / 180, distance: 2.6 };

/** Upright, in degrees. */
const FIELD_OF_VIEW = 28;

/** How far a relief seen from the usual distance is brought nearer, so that the box and its numbers just fit whichever way it is turned. */
function zoomFor(depth: number, width: number, height: number): number {
	const pixels = height / 2 / (Math.tan((FIELD_OF_VIEW * Math.PI) / 360) * usualCamera.distance);
	const [across, up] = [Math.hypot(0.5, depth / 2) + 0.06, 0.72 + 0.15 * depth];
	return Math.min(width / 2 / (pixels * across), height / 2 / (pixels * up));
}

/** What is left of the colours' table is for what is cut off, which no colour of a map stands for. */
const [COLOURS, TEXELS] = [256, 320];
const CUT = [0xdc, 0xdc, 0xdc] as const;

export interface ReliefView extends View {
	look(camera: Camera): void;
	camera(): Camera;
}

/**
 * A shaded surface that is dragged, zoomed and touched, with its levels on it and on the floor. It is drawn when something has
 * changed, and not otherwise.
 *
 * @param onLook told when somebody has moved it
 * @returns null where the browser has no WebGL
 */
export function reliefView(onLook: (camera: Camera) => void): ReliefView | null {
	const canvas = element("canvas", { class: "relief" });
	const labels = element("canvas", { class: "labels" });
	const holder = element("div", { class: "view" }, canvas, labels);
	const renderer = newRenderer(canvas);
	if (renderer === null) return null;
	const stage = new Stage();
	const camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.1, 20);
	const sun = new DirectionalLight(0xffffff, 0.42 * Math.PI * 1.2);
	sun.position.set(-1, 1.2, 0.6);
	camera.add(sun);
	stage.add(camera, new AmbientLight(0xffffff, 0.62 * Math.PI));
	const middle = new Vector3(0, 0.06, 0);
	const controls = new OrbitControls(camera, canvas);
	controls.target.copy(middle);
	controls.enablePan = false;
	controls.minDistance = 0.9;
	controls.maxDistance = 6;
	controls.maxPolarAngle = Math.PI * 0.52;
	let scene: Scene | null = null;
	let mesh: { readonly plane: Plane; readonly surface: ReturnType<typeof surfaceOf> } | null = null;
	let over: { readonly scene: Scene; readonly lines: ReliefLines } | null = null;
	let isFollowing = false;

	const look = ({ around, down, distance }: Camera) => {
		isFollowing = true;
		camera.position.setFromSphericalCoords(distance, down, around).add(middle);
		controls.update();
		isFollowing = false;
	};
	const cameraNow = (): Camera => ({
		around: controls.getAzimuthalAngle(),
		down: controls.getPolarAngle(),
		distance: controls.getDistance(),
	});
	controls.addEventListener("change", () => {
		if (!isFollowing) onLook(cameraNow());
	});
	look(usualCamera);

	const releaseMesh = () => {
		if (mesh === null) return;
		const { geometry, material } = mesh.surface;
		stage.remove(mesh.surface);
		geometry.dispose();
		material.map?.dispose();
		material.dispose();
		mesh = null;
	};
	const releaseLines = () => {
		if (over === null) return;
		stage.remove(...over.lines.objects);
		over.lines.release();
		over = null;
	};

	const pace = new Pace(() => view.draw());
	const size = () => ({ width: holder.clientWidth, height: holder.clientHeight });
	const project = (place: Vector3) => {
		const { width, height } = size();
		const seen = place.clone().project(camera);
		return { x: ((seen.x + 1) / 2) * width, y: ((1 - seen.y) / 2) * height };
	};

	const view: ReliefView = {
		element: holder,
		look,
		camera: cameraNow,
		show(given) {
			scene = given;
			const { plane, settings, ink } = given;
			if (mesh?.plane !== plane) {
				releaseMesh();
				mesh = { plane, surface: surfaceOf(plane) };
				stage.add(mesh.surface);
			}
			const before = over?.scene;
			if (before?.plane === plane && before.settings === settings && before.ink.paper === ink.paper) return;
			releaseLines();
			over = { scene: given, lines: reliefLines(plane, settings, ink) };
			stage.add(...over.lines.objects);
		},
		draw() {
			if (scene === null) return;
			const { width, height } = size();
			renderer.setPixelRatio((window.devicePixelRatio || 1) * pace.frame(performance.now()));
			renderer.setSize(width, height, false);
			camera.aspect = width / height;
			// The bar's room is taken from the right.
			camera.setViewOffset(width, height, BAR_ROOM / 2, 0, width, height);
			camera.zoom = zoomFor(scene.plane.depth, width - BAR_ROOM, height);
			camera.updateProjectionMatrix();
			over?.lines.turn(camera.position);
			renderer.render(stage, camera);
			const context = readyCanvas(labels, width, height);
			if (context !== null) drawLabels(context, scene, camera, project, { width, height });
		},
		placeAt(x, y) {
			if (scene === null) return null;
			const { width, height } = size();
			const direction = new Vector3((x / width) * 2 - 1, 1 - (y / height) * 2, 0.5).unproject(camera);
			return hit(scene.plane, camera.position, direction.sub(camera.position).normalize());
		},
		reach() {
			const { width } = size();
			return scene === null ? { alpha: 0, beta: 0 } : reachOf(scene.plane, width / 2, width / 2);
		},
		picture() {
			pace.still();
			view.draw();
			const whole = element("canvas");
			[whole.width, whole.height] = [canvas.width, canvas.height];
			const context = whole.getContext("2d");
			context?.drawImage(canvas, 0, 0);
			context?.drawImage(labels, 0, 0);
			return whole;
		},
		close() {
			releaseMesh();
			releaseLines();
			pace.still();
			controls.dispose();
			renderer.dispose();
			renderer.forceContextLoss();
		},
	};
	return view;
}

/** Null where there is no WebGL. */
function newRenderer(canvas: HTMLCanvasElement): WebGLRenderer | null {
	const context = canvas.getContext("webgl2", { antialias: true, alpha: true });
	if (context === null) return null;
	return new WebGLRenderer({ canvas, context, antialias: true, alpha: true });
}

/** The surface as a mesh: a vertex a height, none over holes; its colours are looked up by height, so that a cut is sharp. */
function surfaceOf(plane: Plane): Mesh<BufferGeometry, MeshLambertMaterial> {
	const { heights, depth, table } = plane;
	const { columns, rows, values } = heights;
	const places = new Float32Array(columns * rows * 3);
	const colours = new Float32Array(columns * rows * 2);
	for (const [i, height] of values.entries()) {
		const [column, row] = [i % columns, Math.floor(i / columns)];
		const known = Number.isNaN(height) ? 0 : height;
		places.set([column / (columns - 1) - 0.5, Math.min(1, known) * HEIGHT, (0.5 - row / (rows - 1)) * depth], i * 3);
		// From the middle of the first colour to that of the last; above them what is cut off.
		const at = known > 1 ? (COLOURS + TEXELS) / 2 : 0.5 + known * (COLOURS - 1);
		colours.set([at / TEXELS, 0.5], i * 2);
	}
	const geometry = new BufferGeometry();
	geometry.setAttribute("position", new BufferAttribute(places, 3));
	geometry.setAttribute("uv", new BufferAttribute(colours, 2));
	geometry.setIndex(new BufferAttribute(tiles(heights), 1));
	geometry.computeVertexNormals();
	const texels = new Uint8Array(TEXELS * 4).fill(255);
	for (let i = 0; i < TEXELS; i++) texels.set(i < COLOURS ? table.subarray(i * 3, i * 3 + 3) : CUT, i * 4);
	const map = new DataTexture(texels, TEXELS, 1);
	map.colorSpace = SRGBColorSpace;
	map.magFilter = NearestFilter;
	map.needsUpdate = true;
	// Lines on the surface lie in front of it.
	const offset = { polygonOffset: true, polygonOffsetFactor: 1.5, polygonOffsetUnits: 2 };
	return new Mesh(geometry, new MeshLambertMaterial({ map, side: DoubleSide, ...offset }));
}

/** Two triangles for each square whose corners all have a height. */
function tiles({ columns, rows, values }: Heights): Uint32Array {
	const corners: number[] = [];
	for (let row = 0; row + 1 < rows; row++) {
		for (let column = 0; column + 1 < columns; column++) {
			const a = row * columns + column;
			const [b, c, d] = [a + 1, a + columns + 1, a + columns];
			const sum = (values[a] ?? 0) + (values[b] ?? 0) + (values[c] ?? 0) + (values[d] ?? 0);
			if (!Number.isNaN(sum)) corners.push(a, b, c, a, c, d);
		}
	}
	return Uint32Array.from(corners);
}

/** Where a ray first comes to lie below the surface; null where it passes by. */
function hit(plane: Plane, from: Vector3, direction: Vector3): PlanePlace | null {
	const STEPS = 600;
	const { heights, xRange, yRange, depth } = plane;
	const { columns, rows, values } = heights;
	const heightBelow = ({ x, z }: Vector3) => {
		const [column, row] = [Math.round((x + 0.5) * (columns - 1)), Math.round((0.5 - z / depth) * (rows - 1))];
		if (column < 0 || column >= columns || row < 0 || row >= rows) return Number.NaN;
		return Math.min(1, values[row * columns + column] ?? Number.NaN) * HEIGHT;
	};
	const reach = from.length() + 1;
	for (let step = 1; step <= STEPS; step++) {
		const place = from.clone().addScaledVector(direction, (reach * step) / STEPS);
		if (!(place.y <= heightBelow(place))) continue;
		const u = Math.min(1, Math.max(0, place.x + 0.5));
		const v = Math.min(1, Math.max(0, 0.5 - place.z / depth));
		return { alpha: atShare(u, xRange), beta: atShare(v, yRange) };
	}
	return null;
}

/** Axes, names and signs, over the surface in the plane of the page. */
function drawLabels(
	context: CanvasRenderingContext2D,
	scene: Scene,
	camera: PerspectiveCamera,
	project: (place: Vector3) => { readonly x: number; readonly y: number },
	{ width, height }: { readonly width: number; readonly height: number },
): void {
	const { plane, settings, ink, cursor } = scene;
	for (const { text, place, away, size } of edgesOf(plane, camera.position)) {
		const [at, out] = [project(place), project(away)];
		const length = Math.hypot(out.x - at.x, out.y - at.y) || 1;
		const [right, down] = [(out.x - at.x) / length, (out.y - at.y) / length];
		const far = size === "name" ? 44 : 8;
		// Words stand outside of the box, whichever way its edges are seen.
		const align = right < -0.3 ? "right" : right > 0.3 ? "left" : "center";
		const [x, y] = [at.x + right * far, at.y + down * (far + 6)];
		writeWithin(
			context,
			text,
			x,
			y,
			{ size: size === "name" ? 13 : 11, align, colour: ink.text, halo: ink.paper },
			width,
		);
	}
	const barHeight = Math.min(260, height * 0.6);
	drawColourBar(context, plane, ink, { x: width - BAR_ROOM + 22, y: (height - barHeight) / 2, height: barHeight });
	if (settings.marks) drawSigns(context, scene, project);
	if (cursor !== null) {
		const at = project(
			inBox(plane, cursor.alpha, cursor.beta, heightAt(plane, cursor.alpha, cursor.beta, settings.smooth)),
		);
		drawCursor(context, at.x, at.y, ink);
	}
}

/** Heads of pins with their names, and where trainings start and end. */
function drawSigns(
	context: CanvasRenderingContext2D,
	{ plane, settings, ink }: Scene,
	project: (place: Vector3) => { readonly x: number; readonly y: number },
): void {
	const colourOf = (loss: number) => lossColour(plane, loss, ink.halo);
	for (const { stops } of trainingsOn(plane.surface)) {
		for (const [end, shape] of [
			[stops[0], "square"],
			[stops.at(-1), "diamond"],
		] as const) {
			if (end === undefined || !isOn(plane, end)) continue;
			const at = project(inBox(plane, end.alpha, end.beta, heightAt(plane, end.alpha, end.beta, settings.smooth)));
			drawShape(context, shape, at.x, at.y, colourOf(end.loss), ink);
		}
	}
	for (const { label, alpha, beta, role, loss } of standingOn(plane.surface)) {
		if (!isOn(plane, { alpha, beta })) continue;
		const head = project(inBox(plane, alpha, beta, 1).setY(PIN));
		const shape: Shape = role === "marked" ? "triangle" : "dot";
		drawShape(context, shape, head.x, head.y, loss === undefined ? ink.halo : colourOf(loss), ink);
		write(context, label, head.x, head.y - 13, { size: 12, align: "center", colour: ink.mark, halo: ink.halo });
	}
}
