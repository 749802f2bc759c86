-- What this database knows about the revisions applied to it. Made, or brought up to date, inside
-- the transaction of an apply. Every statement may run again on what it has made. Who changes one raises the layout
-- number in the comment: a database with a lower one gets all of this at the next apply.
create schema if not exists reconcile;
comment on schema reconcile is 'Ledger of the reconcile controller, layout 9: do not edit by hand';

-- Every attempt that did or decided something. The newest row with an applied_commit is base.
create table if not exists reconcile.revision (
  id bigint generated always as identity primary key,
  commit text not null,
  base text,
  applied boolean not null,          -- the database is at this commit since this row
  outcome text not null,             -- applied, in-sync, rolled-back, begun (a part of it is live), held, failed; suspended, resumed
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

-- Of what has begun: the commit whose snapshot the database has since; empty where it is still that of base.
alter table reconcile.revision add column if not exists snapshot_of text not null default '';

-- Of a row that says that nothing is to be applied: when that ends by itself; null where somebody has to resume it.
alter table reconcile.revision add column if not exists suspended_until timestamptz;
create index if not exists revision_suspension on reconcile.revision (id) where outcome in ('suspended', 'resumed');

-- What runs outside of a transaction, a row for each try: written before it is run, and when the catalog shows it done.
create table if not exists reconcile.journal (
  id bigint generated always as identity primary key,
  commit text not null,
  file text not null,
  line integer not null,
  number integer not null,           -- of the statement in its file, from 1
  statement_hash text not null,      -- SHA-256 of its text
  backend_pid integer not null default pg_catalog.pg_backend_pid(),
  state text not null default 'intended' check (state in ('intended', 'done', 'failed')),
  error text not null default '',
  intended_at timestamptz not null default pg_catalog.now(),
  ended_at timestamptz
);

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

-- Who was told of which alerts, by target: whoever leads it next goes on from there, and tells nobody anything twice.
create table if not exists reconcile.alert_book (
  target text primary key,           -- or a repository that it depends on
  book text not null,                -- one JSON document
  version bigint not null default 1,
  written_at timestamptz not null default pg_catalog.now()
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

-- Where the fingerprint's place in time is: while it is the same, so is the fingerprint. See catalog_pulse.sql.
alter table reconcile.revision add column if not exists pulse text not null default '';

-- How definitions were written at that time, see inventory_format(). Empty: there was no inventory.
alter table reconcile.revision add column if not exists inventory_format text not null default '';

-- What a person has approved: this plan, of this commit, for this state of the database, and nothing else.
create table if not exists reconcile.approval (
  id bigint generated always as identity primary key,
  revision text not null,
  plan_digest text not null,
  fingerprint text not null,
  objects text[] not null,           -- what would be lost, and how many rows of each were at stake; -1: not counted
  rows bigint[] not null,
  actor text not null,
  reason text not null default '',
  approved_at timestamptz not null default pg_catalog.now()
);

-- What was removed, until it is restored or purged. Tables and values lie in the schema reconcile_quarantine.
create table if not exists reconcile.quarantine (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('collection', 'field', 'relation')),
  collection text not null,
  field text not null,               -- empty for a collection
  taken boolean not null default false,  -- table or column went, not only what Directus said about it
  place text,                        -- table in reconcile_quarantine: the moved one, or key and value of each row
  key_columns text[],                -- of the values of a column; null where whole rows are kept
  rows bigint,
  definition json not null,          -- column, constraints, indexes: what to make anew
  metadata json not null,            -- rows of Directus' own tables, by table
  renamed jsonb not null default '[]',  -- indexes, sequences: what they are called meanwhile
  next_value bigint,                 -- of an identity column
  removed_by text,                   -- commit; null within the transaction that removes it
  removed_at timestamptz not null default pg_catalog.now(),
  purge_after timestamptz,
  ended text check (ended in ('restored', 'purged')),
  ended_at timestamptz,
  ended_by text
);

create schema if not exists reconcile_quarantine;
comment on schema reconcile_quarantine is 'What reconcile removed, with its rows: see reconcile restore and reconcile purge';
-- Default privileges may have opened it.
do $$
declare
  grantee text;
begin
  for grantee in
    select distinct case a.grantee when 0 then 'public' else a.grantee::regrole::text end
    from pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a
    where n.nspname = 'reconcile_quarantine' and a.grantee <> n.nspowner
  loop
    execute pg_catalog.format('revoke all on schema reconcile_quarantine from %s', grantee);
  end loop;
end $$;
