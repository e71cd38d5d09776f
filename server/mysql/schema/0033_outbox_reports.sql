-- What came back from outside about a message. Apart from the payload, which the worker that holds the message writes: a
-- provider may report before that worker has written down that the message left.
ALTER TABLE outbox ADD COLUMN reports MEDIUMBLOB NULL;
