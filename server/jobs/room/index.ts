/** Loading a room as a job: contributors make pseudonyms and upload sealed rows, the keeper takes them in. All run it under one id. */
export { ContributeJob, type ContributePorts, type OwnTable } from './contribute-job.ts';
export { budgetsToGrant } from './grants.ts';
export { KeepJob, type KeepPorts, type OpenedUpload } from './keep-job.ts';
export { listName } from './pseudonym-route.ts';
export type { RoomReport, RoomResult, RoomRun } from './room-run.ts';
