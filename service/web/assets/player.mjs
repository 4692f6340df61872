export { default as WaveSurfer } from "wavesurfer.js";
