/** libsodium in WebAssembly, ready to be called: the one place in this folder that waits for it. */
import sodium from 'libsodium-wrappers-sumo';

await sodium.ready;

export { sodium };
