/** Rooms after they were loaded: what their keeper answers, gives and erases, and what those who ask are given. */
export { type AudienceServices, type AudienceTold, placesDigest, RoomAudiences } from './room-audiences.ts';
export { type KeptAnswer, type KeptAudience, type RoomFiles, RoomFolder } from './room-folder.ts';
export {
  type Asked,
  ledgerName,
  type RoomAnswer,
  type RoomPreview,
  type RoomServices,
  type RoomStatus,
  Rooms,
  resultDigest,
  roomTermsOf,
} from './rooms.ts';
