/**
 * TensorFlow.js's own gradients, which its Node bundle leaves out: importing this registers them. The module itself is
 * bundled from TensorFlow.js's sources by `npm run build`; this declares it, so that compiling alone leaves it as it is.
 */
export {};
