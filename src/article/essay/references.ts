/** Where something comes from. */
export interface Reference {
	/** As it is cited in the text. */
	readonly short: string;
	readonly authors: string;
	readonly title: string;
	readonly where: string;
	readonly url: string;
}

/** What the article cites, as [key] in its text. */
export const references = {
	ainsworth2023: {
		short: "Ainsworth et al. 2023",
		authors: "S. K. Ainsworth, J. Hayase, S. Srinivasa",
		title: "Git Re-Basin: merging models modulo permutation symmetries",
		where: "ICLR 2023",
		url: "https://arxiv.org/abs/2209.04836",
	},
	dinh2017: {
		short: "Dinh et al. 2017",
		authors: "L. Dinh, R. Pascanu, S. Bengio, Y. Bengio",
		title: "Sharp minima can generalize for deep nets",
		where: "ICML 2017",
		url: "https://arxiv.org/abs/1703.04933",
	},
	draxler2018: {
		short: "Draxler et al. 2018",
		authors: "F. Draxler, K. Veschgini, M. Salmhofer, F. A. Hamprecht",
		title: "Essentially no barriers in neural network energy landscape",
		where: "ICML 2018",
		url: "https://arxiv.org/abs/1803.00885",
	},
	entezari2022: {
		short: "Entezari et al. 2022",
		authors: "R. Entezari, H. Sedghi, O. Saukh, B. Neyshabur",
		title: "The role of permutation invariance in linear mode connectivity of neural networks",
		where: "ICLR 2022",
		url: "https://arxiv.org/abs/2110.06296",
	},
	frankle2020: {
		short: "Frankle et al. 2020",
		authors: "J. Frankle, G. K. Dziugaite, D. M. Roy, M. Carbin",
		title: "Linear mode connectivity and the lottery ticket hypothesis",
		where: "ICML 2020",
		url: "https://arxiv.org/abs/1912.05671",
	},
	garipov2018: {
		short: "Garipov et al. 2018",
		authors: "T. Garipov, P. Izmailov, D. Podoprikhin, D. Vetrov, A. G. Wilson",
		title: "Loss surfaces, mode connectivity, and fast ensembling of DNNs",
		where: "NeurIPS 2018",
		url: "https://arxiv.org/abs/1802.10026",
	},
	goodfellow2015: {
		short: "Goodfellow et al. 2015",
		authors: "I. J. Goodfellow, O. Vinyals, A. M. Saxe",
		title: "Qualitatively characterizing neural network optimization problems",
		where: "ICLR 2015",
		url: "https://arxiv.org/abs/1412.6544",
	},
	hochreiter1997: {
		short: "Hochreiter and Schmidhuber 1997",
		authors: "S. Hochreiter, J. Schmidhuber",
		title: "Flat minima",
		where: "Neural Computation 9, 1997",
		url: "https://doi.org/10.1162/neco.1997.9.1.1",
	},
	im2016: {
		short: "Im et al. 2016",
		authors: "D. J. Im, M. Tao, K. Branson",
		title: "An empirical analysis of the optimization of deep network loss surfaces",
		where: "arXiv, 2016",
		url: "https://arxiv.org/abs/1612.04010",
	},
	keskar2017: {
		short: "Keskar et al. 2017",
		authors: "N. S. Keskar, D. Mudigere, J. Nocedal, M. Smelyanskiy, P. T. P. Tang",
		title: "On large-batch training for deep learning: generalization gap and sharp minima",
		where: "ICLR 2017",
		url: "https://arxiv.org/abs/1609.04836",
	},
	li2018: {
		short: "Li et al. 2018",
		authors: "H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein",
		title: "Visualizing the loss landscape of neural nets",
		where: "NeurIPS 2018",
		url: "https://arxiv.org/abs/1712.09913",
	},
	spearman1904: {
		short: "Spearman 1904",
		authors: "C. Spearman",
		title: "The proof and measurement of association between two things",
		where: "The American Journal of Psychology 15, 1904",
		url: "https://doi.org/10.2307/1412159",
	},
} as const satisfies Record<string, Reference>;

export type ReferenceKey = keyof typeof references;
