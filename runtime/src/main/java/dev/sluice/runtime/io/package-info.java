/// Weights and data in files: `.safetensors`, `.npy`, folders of `.npy`.
package dev.sluice.runtime.io;
