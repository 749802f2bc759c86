-- What this database knows about the revisions applied to it. Made, or brought up to date, inside
-- the transaction of an apply. Every statement may run again on what it has made. Who changes one raises the layout
-- number in the comment: a database with a lower one gets all of this at the next apply.
create schema if not exists reconcile;
comment on schema reconcile is 'Ledger of the reconcile controller, layout 5: do not edit by hand';

-- Every attempt that did or decided something. The newest row with an applied_commit is base.
create table if not exists reconcile.revision (
  id bigint generated always as identity primary key,
  commit text not null,
  base text,
  applied boolean not null,          -- the database is at this commit since this row
  outcome text not null,             -- applied, in-sync, rolled-back, held, failed
  reason text not null default '',   -- reason code of a hold, stage of a failure
  error text not null default '',
  plan_digest text not null default '',
  fingerprint text not null default '',  -- of the database after it
  drift integer not null default 0,      -- differences that were there and left alone
  steps integer not null default 0,
  actor text not null,
  subject text not null default '',  -- of the commit
  started_at timestamptz not null,
  finished_at timestamptz not null,
  times integer not null default 1   -- how often in a row the same was seen
);
create index if not exists revision_applied on reconcile.revision (id) where applied;

-- Digest of what besides the commit and the fingerprint has to be unchanged for a pass to have nothing to do.
alter table reconcile.revision add column if not exists settled text not null default '';

-- Where this row, as the newest applied one, is what a rollback went back to: the commit that stays away until a newer one comes.
alter table reconcile.revision add column if not exists rolled_back_from text;

-- SQL files recorded as applied, by phase and base name: folders may move between layouts.
create table if not exists reconcile.migration (
  phase text not null check (phase in ('pre', 'post', 'seed')),
  name text not null,
  file text not null,
  blob text not null,
  raw_hash text not null,
  token_hash text not null,
  revision text not null,
  applied_at timestamptz not null default pg_catalog.now(),
  primary key (phase, name)
);

-- Directus servers that have not been told of a revision yet: each pass tries, and deletes the row when it is done.
create table if not exists reconcile.stale_instance (
  name text primary key,             -- its address
  revision text not null,            -- the first one it does not know
  since timestamptz not null default pg_catalog.now(),
  error text not null default '',    -- of the last try
  tries integer not null default 0   -- passes that could not tell it
);

-- Root commits of the repository this database belongs to: another one is refused.
create table if not exists reconcile.repository (
  root_commit text primary key
);

-- Every object of the catalog. Its definition is the SQL that makes it, as catalog_inventory.sql writes it.
create table if not exists reconcile.inventory (
  kind text not null,
  name text not null,
  about text not null,               -- the table or table.column it belongs to
  definition text,                   -- what git made of it; null: git does not own it
  seen text,                         -- what it was at the last look; null: what git made, empty: not there
  file text not null default '',     -- that made it
  commit text not null default '',
  since timestamptz not null default pg_catalog.now(),
  primary key (kind, name)
);

-- What became of objects of git's after they were made.
create table if not exists reconcile.inventory_change (
  id bigint generated always as identity primary key,
  kind text not null,
  name text not null,
  action text not null,              -- changed, removed
  file text not null,
  commit text not null,
  before text not null,              -- its definition until then
  at timestamptz not null default pg_catalog.now()
);
create index if not exists inventory_change_name on reconcile.inventory_change (kind, name);

-- How definitions were written at that time, see inventory_format(). Empty: there was no inventory.
alter table reconcile.revision add column if not exists inventory_format text not null default '';
