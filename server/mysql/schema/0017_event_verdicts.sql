-- What every trigger that skipped the event said, with the facts it was judged by: a stored.v1.EventVerdicts. Those that
-- did not skip it have rows in decisions.
ALTER TABLE events ADD COLUMN verdicts MEDIUMBLOB NULL;
