-- A room gives several audiences under the one job that loaded it.

ALTER TABLE audiences DROP CONSTRAINT audiences_job_key;
CREATE INDEX audiences_by_job ON audiences (job);
