-- Which of a caller's saves brought each answer, so that one which arrives late undoes nothing. NULL: no caller counts.
ALTER TABLE response_drafts ADD COLUMN revisions BLOB NULL;
