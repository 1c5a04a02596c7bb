/** The way between this node and a guest's page while a match of the two runs. */
export { GuestLink } from './guest-link.ts';
export { GuestLinks } from './guest-links.ts';
