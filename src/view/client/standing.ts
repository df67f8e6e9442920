import type { Surface } from "../../surface/surface.js";
import { markedName, type PathPoint } from "../../surface/trajectory.js";

/** A named place on a plane. */
export interface Standing {
	readonly label: string;
	readonly alpha: number;
	readonly beta: number;
	readonly role: "origin" | "network" | "marked";
	/** Its own loss, where that is known apart from the plane. */
	readonly loss?: number;
}

/** A network of a training, and where it is. */
export interface Stop {
	readonly alpha: number;
	readonly beta: number;
	readonly loss: number;
}

/** The origin, the networks that lie on a plane, and what is marked on it. */
export function standingOn({ anchors, trajectories }: Surface): Standing[] {
	const hasEnds = anchors.some(({ role }) => role === "end");
	const isTaken = (trajectories?.paths ?? []).some(({ points }) => points.some(({ at }) => at.every((c) => c === 0)));
	const networks = anchors
		.filter(({ role }) => role === "end" || !isTaken)
		.map(({ label, at: [alpha = 0, beta = 0], role }): Standing => {
			const isNetwork = role === "end" || hasEnds;
			return { label: isNetwork ? label : "origin", alpha, beta, role: isNetwork ? "network" : "origin" };
		});
	const marked = (trajectories?.marks ?? []).map((point): Standing => {
		const [alpha = 0, beta = 0] = point.at;
		return { label: markedName(point), alpha, beta, role: "marked", loss: point.loss };
	});
	return [...networks, ...marked];
}

/** The trainings on a plane, each by its networks. */
export function trainingsOn({ trajectories }: Surface): { readonly label: string; readonly stops: readonly Stop[] }[] {
	const stop = ({ at: [alpha = 0, beta = 0], loss }: PathPoint): Stop => ({ alpha, beta, loss });
	return (trajectories?.paths ?? []).map(({ label, points }) => ({ label, stops: points.map(stop) }));
}
