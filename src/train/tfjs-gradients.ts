/**
 * TensorFlow.js's own gradients, which its Node bundle leaves out: importing this registers them. What stands here is only
 * the place; `npm run build:gradients` puts a bundle of TensorFlow.js's sources over the compiled file.
 */
throw new Error("TensorFlow.js's gradients are not built: run npm run build");

export {};
