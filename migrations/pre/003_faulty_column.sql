-- A position that cannot be true (a jump, a clock gone wrong) is flagged by an official, never deleted: times computed
-- from it have to stay explainable. With a constant default PostgreSQL adds the column without rewriting the table.

alter table telemetry.positions add column if not exists faulty boolean not null default false;

comment on column telemetry.positions.faulty is 'Set by an official: not to be used for timing.';
