-- Stands in for Directus 11.6.1, in ./demo and in fast tests only: the system tables that applying a snapshot reads or
-- writes, as `directus bootstrap` leaves them, at once and without a Directus. It is no installation: Directus cannot
-- run on it, and what Directus makes of an apply is judged by tests/conformance, on the real one.
--
-- Columns, types, defaults, keys, their names, and sequences are the real ones: tests/conformance/check-system-tables
-- compares them with a bootstrapped database. Tables that an apply does not touch (dashboards, flows, settings and
-- others) are missing, with the foreign keys that come from them.
-- bootstrap leaves directus_collections, directus_fields and directus_relations empty: what Directus says about its own
-- tables is part of the program, not of the database.

-- ---- who: roles, policies, users

create table directus_roles (
  id          uuid constraint directus_roles_pkey primary key,
  name        varchar(100) not null,
  icon        varchar(64) not null default 'supervised_user_circle',
  description text,
  parent      uuid constraint directus_roles_parent_foreign references directus_roles
);

create table directus_policies (
  id           uuid constraint directus_policies_pkey primary key,
  name         varchar(100) not null,
  icon         varchar(64) not null default 'badge',
  description  text,
  ip_access    text,
  enforce_tfa  boolean not null default false,
  admin_access boolean not null default false,
  app_access   boolean not null default false
);

create table directus_users (
  id                    uuid constraint directus_users_pkey primary key,
  first_name            varchar(50),
  last_name             varchar(50),
  email                 varchar(128) constraint directus_users_email_unique unique,
  password              varchar(255),
  location              varchar(255),
  title                 varchar(50),
  description           text,
  tags                  json,
  avatar                uuid,
  language              varchar(255) default null::varchar,
  tfa_secret            varchar(255),
  status                varchar(16) not null default 'active',
  role                  uuid constraint directus_users_role_foreign references directus_roles on delete set null,
  token                 varchar(255) constraint directus_users_token_unique unique,
  last_access           timestamptz,
  last_page             varchar(255),
  provider              varchar(128) not null default 'default',
  external_identifier   varchar(255) constraint directus_users_external_identifier_unique unique,
  auth_data             json,
  email_notifications   boolean default true,
  appearance            varchar(255),
  theme_dark            varchar(255),
  theme_light           varchar(255),
  theme_light_overrides json,
  theme_dark_overrides  json
);

-- ---- what the snapshot is about: collections, fields, relations

create table directus_collections (
  collection              varchar(64) constraint directus_collections_pkey primary key,
  icon                    varchar(64),
  note                    text,
  display_template        varchar(255),
  hidden                  boolean not null default false,
  singleton               boolean not null default false,
  translations            json,
  archive_field           varchar(64),
  archive_app_filter      boolean not null default true,
  archive_value           varchar(255),
  unarchive_value         varchar(255),
  sort_field              varchar(64),
  accountability          varchar(255) default 'all',
  color                   varchar(255),
  item_duplication_fields json,
  sort                    integer,
  "group"                 varchar(64) constraint directus_collections_group_foreign references directus_collections,
  collapse                varchar(255) not null default 'open',
  preview_url             varchar(255),
  versioning              boolean not null default false
);

-- No unique key on (collection, field) and none on relations: Directus has none either.
create table directus_fields (
  id                 serial constraint directus_fields_pkey primary key,
  collection         varchar(64) not null,
  field              varchar(64) not null,
  special            varchar(64),
  interface          varchar(64),
  options            json,
  display            varchar(64),
  display_options    json,
  readonly           boolean not null default false,
  hidden             boolean not null default false,
  sort               integer,
  width              varchar(30) default 'full',
  translations       json,
  note               text,
  conditions         json,
  required           boolean default false,
  "group"            varchar(64),
  validation         json,
  validation_message text
);

create table directus_relations (
  id                      serial constraint directus_relations_pkey primary key,
  many_collection         varchar(64) not null,
  many_field              varchar(64) not null,
  one_collection          varchar(64),
  one_field               varchar(64),
  one_collection_field    varchar(64),
  one_allowed_collections text,
  junction_field          varchar(64),
  sort_field              varchar(64),
  one_deselect_action     varchar(255) not null default 'nullify'
);

-- ---- what else speaks of a collection, and is cleaned up when the collection goes

create table directus_permissions (
  id          serial constraint directus_permissions_pkey primary key,
  collection  varchar(64) not null,
  action      varchar(10) not null,
  permissions json,
  validation  json,
  presets     json,
  fields      text,
  policy      uuid not null constraint directus_permissions_policy_foreign
                references directus_policies on delete cascade
);

create table directus_presets (
  id               serial constraint directus_presets_pkey primary key,
  bookmark         varchar(255),
  "user"           uuid constraint directus_presets_user_foreign references directus_users on delete cascade,
  role             uuid constraint directus_presets_role_foreign references directus_roles on delete cascade,
  collection       varchar(64),
  search           varchar(100),
  layout           varchar(100) default 'tabular',
  layout_query     json,
  layout_options   json,
  refresh_interval integer,
  filter           json,
  icon             varchar(64) default 'bookmark',
  color            varchar(255)
);

create table directus_activity (
  id          serial constraint directus_activity_pkey primary key,
  action      varchar(45) not null,
  "user"      uuid,
  "timestamp" timestamptz not null default current_timestamp,
  ip          varchar(50),
  user_agent  text,
  collection  varchar(64) not null,
  item        varchar(255) not null,
  origin      varchar(255)
);

create table directus_versions (
  id           uuid constraint directus_versions_pkey primary key,
  key          varchar(64) not null,
  name         varchar(255),
  collection   varchar(64) not null constraint directus_versions_collection_foreign
                 references directus_collections on delete cascade,
  item         varchar(255) not null,
  hash         varchar(255),
  date_created timestamptz default current_timestamp,
  date_updated timestamptz default current_timestamp,
  user_created uuid constraint directus_versions_user_created_foreign references directus_users on delete set null,
  user_updated uuid constraint directus_versions_user_updated_foreign references directus_users,
  delta        json
);

create table directus_revisions (
  id         serial constraint directus_revisions_pkey primary key,
  activity   integer not null constraint directus_revisions_activity_foreign
               references directus_activity on delete cascade,
  collection varchar(64) not null,
  item       varchar(255) not null,
  data       json,
  delta      json,
  parent     integer constraint directus_revisions_parent_foreign references directus_revisions,
  version    uuid constraint directus_revisions_version_foreign references directus_versions on delete cascade
);

create table directus_shares (
  id           uuid constraint directus_shares_pkey primary key,
  name         varchar(255),
  collection   varchar(64) not null constraint directus_shares_collection_foreign
                 references directus_collections on delete cascade,
  item         varchar(255) not null,
  role         uuid constraint directus_shares_role_foreign references directus_roles on delete cascade,
  password     varchar(255),
  user_created uuid constraint directus_shares_user_created_foreign references directus_users on delete set null,
  date_created timestamptz default current_timestamp,
  date_start   timestamptz,
  date_end     timestamptz,
  times_used   integer default 0,
  max_uses     integer
);

-- ---- files: what file fields refer to

create table directus_folders (
  id     uuid constraint directus_folders_pkey primary key,
  name   varchar(255) not null,
  parent uuid constraint directus_folders_parent_foreign references directus_folders
);

create table directus_files (
  id                uuid constraint directus_files_pkey primary key,
  storage           varchar(255) not null,
  filename_disk     varchar(255),
  filename_download varchar(255) not null,
  title             varchar(255),
  type              varchar(255),
  folder            uuid constraint directus_files_folder_foreign references directus_folders on delete set null,
  uploaded_by       uuid constraint directus_files_uploaded_by_foreign references directus_users,
  created_on        timestamptz not null default current_timestamp,
  modified_by       uuid constraint directus_files_modified_by_foreign references directus_users,
  modified_on       timestamptz not null default current_timestamp,
  charset           varchar(50),
  filesize          bigint,
  width             integer,
  height            integer,
  duration          integer,
  embed             varchar(200),
  description       text,
  location          text,
  tags              text,
  metadata          json,
  focal_point_x     integer,
  focal_point_y     integer,
  tus_id            varchar(64),
  tus_data          json,
  uploaded_on       timestamptz
);

-- ---- which Directus this is: the last of the migrations that make 11.6.1

create table directus_migrations (
  version     varchar(255) constraint directus_migrations_pkey primary key,
  name        varchar(255) not null,
  "timestamp" timestamptz default current_timestamp
);

insert into directus_migrations (version, name) values ('20250224A', 'Visual Editor');
