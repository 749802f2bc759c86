-- The tables of Directus, for `reconcile verify`, as `--write-directus-tables` writes them.

create sequence public.directus_activity_id_seq as integer;
create sequence public.directus_fields_id_seq as integer;
create sequence public.directus_notifications_id_seq as integer;
create sequence public.directus_permissions_id_seq as integer;
create sequence public.directus_presets_id_seq as integer;
create sequence public.directus_relations_id_seq as integer;
create sequence public.directus_revisions_id_seq as integer;
create sequence public.directus_settings_id_seq as integer;
create sequence public.directus_webhooks_id_seq as integer;
create table public.directus_access (
  id uuid not null,
  role uuid,
  "user" uuid,
  policy uuid not null,
  sort integer
);
create table public.directus_activity (
  id integer default nextval('public.directus_activity_id_seq'::regclass) not null,
  action character varying(45) not null,
  "user" uuid,
  "timestamp" timestamp with time zone default CURRENT_TIMESTAMP not null,
  ip character varying(50),
  user_agent text,
  collection character varying(64) not null,
  item character varying(255) not null,
  origin character varying(255)
);
create table public.directus_collections (
  collection character varying(64) not null,
  icon character varying(64),
  note text,
  display_template character varying(255),
  hidden boolean default false not null,
  singleton boolean default false not null,
  translations json,
  archive_field character varying(64),
  archive_app_filter boolean default true not null,
  archive_value character varying(255),
  unarchive_value character varying(255),
  sort_field character varying(64),
  accountability character varying(255) default 'all'::character varying,
  color character varying(255),
  item_duplication_fields json,
  sort integer,
  "group" character varying(64),
  collapse character varying(255) default 'open'::character varying not null,
  preview_url character varying(255),
  versioning boolean default false not null
);
create table public.directus_comments (
  id uuid not null,
  collection character varying(64) not null,
  item character varying(255) not null,
  comment text not null,
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  date_updated timestamp with time zone default CURRENT_TIMESTAMP,
  user_created uuid,
  user_updated uuid
);
create table public.directus_dashboards (
  id uuid not null,
  name character varying(255) not null,
  icon character varying(64) default 'dashboard'::character varying not null,
  note text,
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  user_created uuid,
  color character varying(255)
);
create table public.directus_extensions (
  enabled boolean default true not null,
  id uuid not null,
  folder character varying(255) not null,
  source character varying(255) not null,
  bundle uuid
);
create table public.directus_fields (
  id integer default nextval('public.directus_fields_id_seq'::regclass) not null,
  collection character varying(64) not null,
  field character varying(64) not null,
  special character varying(64),
  interface character varying(64),
  options json,
  display character varying(64),
  display_options json,
  readonly boolean default false not null,
  hidden boolean default false not null,
  sort integer,
  width character varying(30) default 'full'::character varying,
  translations json,
  note text,
  conditions json,
  required boolean default false,
  "group" character varying(64),
  validation json,
  validation_message text
);
create table public.directus_files (
  id uuid not null,
  storage character varying(255) not null,
  filename_disk character varying(255),
  filename_download character varying(255) not null,
  title character varying(255),
  type character varying(255),
  folder uuid,
  uploaded_by uuid,
  created_on timestamp with time zone default CURRENT_TIMESTAMP not null,
  modified_by uuid,
  modified_on timestamp with time zone default CURRENT_TIMESTAMP not null,
  charset character varying(50),
  filesize bigint,
  width integer,
  height integer,
  duration integer,
  embed character varying(200),
  description text,
  location text,
  tags text,
  metadata json,
  focal_point_x integer,
  focal_point_y integer,
  tus_id character varying(64),
  tus_data json,
  uploaded_on timestamp with time zone
);
create table public.directus_flows (
  id uuid not null,
  name character varying(255) not null,
  icon character varying(64),
  color character varying(255),
  description text,
  status character varying(255) default 'active'::character varying not null,
  trigger character varying(255),
  accountability character varying(255) default 'all'::character varying,
  options json,
  operation uuid,
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  user_created uuid
);
create table public.directus_folders (
  id uuid not null,
  name character varying(255) not null,
  parent uuid
);
create table public.directus_migrations (
  version character varying(255) not null,
  name character varying(255) not null,
  "timestamp" timestamp with time zone default CURRENT_TIMESTAMP
);
create table public.directus_notifications (
  id integer default nextval('public.directus_notifications_id_seq'::regclass) not null,
  "timestamp" timestamp with time zone default CURRENT_TIMESTAMP,
  status character varying(255) default 'inbox'::character varying,
  recipient uuid not null,
  sender uuid,
  subject character varying(255) not null,
  message text,
  collection character varying(64),
  item character varying(255)
);
create table public.directus_operations (
  id uuid not null,
  name character varying(255),
  key character varying(255) not null,
  type character varying(255) not null,
  position_x integer not null,
  position_y integer not null,
  options json,
  resolve uuid,
  reject uuid,
  flow uuid not null,
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  user_created uuid
);
create table public.directus_panels (
  id uuid not null,
  dashboard uuid not null,
  name character varying(255),
  icon character varying(64) default NULL::character varying,
  color character varying(10),
  show_header boolean default false not null,
  note text,
  type character varying(255) not null,
  position_x integer not null,
  position_y integer not null,
  width integer not null,
  height integer not null,
  options json,
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  user_created uuid
);
create table public.directus_permissions (
  id integer default nextval('public.directus_permissions_id_seq'::regclass) not null,
  collection character varying(64) not null,
  action character varying(10) not null,
  permissions json,
  validation json,
  presets json,
  fields text,
  policy uuid not null
);
create table public.directus_policies (
  id uuid not null,
  name character varying(100) not null,
  icon character varying(64) default 'badge'::character varying not null,
  description text,
  ip_access text,
  enforce_tfa boolean default false not null,
  admin_access boolean default false not null,
  app_access boolean default false not null
);
create table public.directus_presets (
  id integer default nextval('public.directus_presets_id_seq'::regclass) not null,
  bookmark character varying(255),
  "user" uuid,
  role uuid,
  collection character varying(64),
  search character varying(100),
  layout character varying(100) default 'tabular'::character varying,
  layout_query json,
  layout_options json,
  refresh_interval integer,
  filter json,
  icon character varying(64) default 'bookmark'::character varying,
  color character varying(255)
);
create table public.directus_relations (
  id integer default nextval('public.directus_relations_id_seq'::regclass) not null,
  many_collection character varying(64) not null,
  many_field character varying(64) not null,
  one_collection character varying(64),
  one_field character varying(64),
  one_collection_field character varying(64),
  one_allowed_collections text,
  junction_field character varying(64),
  sort_field character varying(64),
  one_deselect_action character varying(255) default 'nullify'::character varying not null
);
create table public.directus_revisions (
  id integer default nextval('public.directus_revisions_id_seq'::regclass) not null,
  activity integer not null,
  collection character varying(64) not null,
  item character varying(255) not null,
  data json,
  delta json,
  parent integer,
  version uuid
);
create table public.directus_roles (
  id uuid not null,
  name character varying(100) not null,
  icon character varying(64) default 'supervised_user_circle'::character varying not null,
  description text,
  parent uuid
);
create table public.directus_sessions (
  token character varying(64) not null,
  "user" uuid,
  expires timestamp with time zone not null,
  ip character varying(255),
  user_agent text,
  share uuid,
  origin character varying(255),
  next_token character varying(64)
);
create table public.directus_settings (
  id integer default nextval('public.directus_settings_id_seq'::regclass) not null,
  project_name character varying(100) default 'Directus'::character varying not null,
  project_url character varying(255),
  project_color character varying(255) default '#6644FF'::character varying not null,
  project_logo uuid,
  public_foreground uuid,
  public_background uuid,
  public_note text,
  auth_login_attempts integer default 25,
  auth_password_policy character varying(100),
  storage_asset_transform character varying(7) default 'all'::character varying,
  storage_asset_presets json,
  custom_css text,
  storage_default_folder uuid,
  basemaps json,
  mapbox_key character varying(255),
  module_bar json,
  project_descriptor character varying(100),
  default_language character varying(255) default 'en-US'::character varying not null,
  custom_aspect_ratios json,
  public_favicon uuid,
  default_appearance character varying(255) default 'auto'::character varying not null,
  default_theme_light character varying(255),
  theme_light_overrides json,
  default_theme_dark character varying(255),
  theme_dark_overrides json,
  report_error_url character varying(255),
  report_bug_url character varying(255),
  report_feature_url character varying(255),
  public_registration boolean default false not null,
  public_registration_verify_email boolean default true not null,
  public_registration_role uuid,
  public_registration_email_filter json,
  visual_editor_urls json
);
create table public.directus_shares (
  id uuid not null,
  name character varying(255),
  collection character varying(64) not null,
  item character varying(255) not null,
  role uuid,
  password character varying(255),
  user_created uuid,
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  date_start timestamp with time zone,
  date_end timestamp with time zone,
  times_used integer default 0,
  max_uses integer
);
create table public.directus_translations (
  id uuid not null,
  language character varying(255) not null,
  key character varying(255) not null,
  value text not null
);
create table public.directus_users (
  id uuid not null,
  first_name character varying(50),
  last_name character varying(50),
  email character varying(128),
  password character varying(255),
  location character varying(255),
  title character varying(50),
  description text,
  tags json,
  avatar uuid,
  language character varying(255) default NULL::character varying,
  tfa_secret character varying(255),
  status character varying(16) default 'active'::character varying not null,
  role uuid,
  token character varying(255),
  last_access timestamp with time zone,
  last_page character varying(255),
  provider character varying(128) default 'default'::character varying not null,
  external_identifier character varying(255),
  auth_data json,
  email_notifications boolean default true,
  appearance character varying(255),
  theme_dark character varying(255),
  theme_light character varying(255),
  theme_light_overrides json,
  theme_dark_overrides json
);
create table public.directus_versions (
  id uuid not null,
  key character varying(64) not null,
  name character varying(255),
  collection character varying(64) not null,
  item character varying(255) not null,
  hash character varying(255),
  date_created timestamp with time zone default CURRENT_TIMESTAMP,
  date_updated timestamp with time zone default CURRENT_TIMESTAMP,
  user_created uuid,
  user_updated uuid,
  delta json
);
create table public.directus_webhooks (
  id integer default nextval('public.directus_webhooks_id_seq'::regclass) not null,
  name character varying(255) not null,
  method character varying(10) default 'POST'::character varying not null,
  url character varying(255) not null,
  status character varying(10) default 'active'::character varying not null,
  data boolean default true not null,
  actions character varying(100) not null,
  collections character varying(255) not null,
  headers json,
  was_active_before_deprecation boolean default false not null,
  migrated_flow uuid
);
alter sequence public.directus_activity_id_seq owned by public.directus_activity.id;
alter sequence public.directus_fields_id_seq owned by public.directus_fields.id;
alter sequence public.directus_notifications_id_seq owned by public.directus_notifications.id;
alter sequence public.directus_permissions_id_seq owned by public.directus_permissions.id;
alter sequence public.directus_presets_id_seq owned by public.directus_presets.id;
alter sequence public.directus_relations_id_seq owned by public.directus_relations.id;
alter sequence public.directus_revisions_id_seq owned by public.directus_revisions.id;
alter sequence public.directus_settings_id_seq owned by public.directus_settings.id;
alter sequence public.directus_webhooks_id_seq owned by public.directus_webhooks.id;
alter table public.directus_access add constraint directus_access_pkey PRIMARY KEY (id);
alter table public.directus_activity add constraint directus_activity_pkey PRIMARY KEY (id);
alter table public.directus_collections add constraint directus_collections_pkey PRIMARY KEY (collection);
alter table public.directus_comments add constraint directus_comments_pkey PRIMARY KEY (id);
alter table public.directus_dashboards add constraint directus_dashboards_pkey PRIMARY KEY (id);
alter table public.directus_extensions add constraint directus_extensions_pkey PRIMARY KEY (id);
alter table public.directus_fields add constraint directus_fields_pkey PRIMARY KEY (id);
alter table public.directus_files add constraint directus_files_pkey PRIMARY KEY (id);
alter table public.directus_flows add constraint directus_flows_operation_unique UNIQUE (operation);
alter table public.directus_flows add constraint directus_flows_pkey PRIMARY KEY (id);
alter table public.directus_folders add constraint directus_folders_pkey PRIMARY KEY (id);
alter table public.directus_migrations add constraint directus_migrations_pkey PRIMARY KEY (version);
alter table public.directus_notifications add constraint directus_notifications_pkey PRIMARY KEY (id);
alter table public.directus_operations add constraint directus_operations_pkey PRIMARY KEY (id);
alter table public.directus_operations add constraint directus_operations_reject_unique UNIQUE (reject);
alter table public.directus_operations add constraint directus_operations_resolve_unique UNIQUE (resolve);
alter table public.directus_panels add constraint directus_panels_pkey PRIMARY KEY (id);
alter table public.directus_permissions add constraint directus_permissions_pkey PRIMARY KEY (id);
alter table public.directus_policies add constraint directus_policies_pkey PRIMARY KEY (id);
alter table public.directus_presets add constraint directus_presets_pkey PRIMARY KEY (id);
alter table public.directus_relations add constraint directus_relations_pkey PRIMARY KEY (id);
alter table public.directus_revisions add constraint directus_revisions_pkey PRIMARY KEY (id);
alter table public.directus_roles add constraint directus_roles_pkey PRIMARY KEY (id);
alter table public.directus_sessions add constraint directus_sessions_pkey PRIMARY KEY (token);
alter table public.directus_settings add constraint directus_settings_pkey PRIMARY KEY (id);
alter table public.directus_shares add constraint directus_shares_pkey PRIMARY KEY (id);
alter table public.directus_translations add constraint directus_translations_pkey PRIMARY KEY (id);
alter table public.directus_users add constraint directus_users_email_unique UNIQUE (email);
alter table public.directus_users add constraint directus_users_external_identifier_unique UNIQUE (external_identifier);
alter table public.directus_users add constraint directus_users_pkey PRIMARY KEY (id);
alter table public.directus_users add constraint directus_users_token_unique UNIQUE (token);
alter table public.directus_versions add constraint directus_versions_pkey PRIMARY KEY (id);
alter table public.directus_webhooks add constraint directus_webhooks_pkey PRIMARY KEY (id);
alter table public.directus_access add constraint directus_access_policy_foreign FOREIGN KEY (policy) REFERENCES public.directus_policies(id) ON DELETE CASCADE;
alter table public.directus_access add constraint directus_access_role_foreign FOREIGN KEY (role) REFERENCES public.directus_roles(id) ON DELETE CASCADE;
alter table public.directus_access add constraint directus_access_user_foreign FOREIGN KEY ("user") REFERENCES public.directus_users(id) ON DELETE CASCADE;
alter table public.directus_collections add constraint directus_collections_group_foreign FOREIGN KEY ("group") REFERENCES public.directus_collections(collection);
alter table public.directus_comments add constraint directus_comments_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_comments add constraint directus_comments_user_updated_foreign FOREIGN KEY (user_updated) REFERENCES public.directus_users(id);
alter table public.directus_dashboards add constraint directus_dashboards_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_files add constraint directus_files_folder_foreign FOREIGN KEY (folder) REFERENCES public.directus_folders(id) ON DELETE SET NULL;
alter table public.directus_files add constraint directus_files_modified_by_foreign FOREIGN KEY (modified_by) REFERENCES public.directus_users(id);
alter table public.directus_files add constraint directus_files_uploaded_by_foreign FOREIGN KEY (uploaded_by) REFERENCES public.directus_users(id);
alter table public.directus_flows add constraint directus_flows_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_folders add constraint directus_folders_parent_foreign FOREIGN KEY (parent) REFERENCES public.directus_folders(id);
alter table public.directus_notifications add constraint directus_notifications_recipient_foreign FOREIGN KEY (recipient) REFERENCES public.directus_users(id) ON DELETE CASCADE;
alter table public.directus_notifications add constraint directus_notifications_sender_foreign FOREIGN KEY (sender) REFERENCES public.directus_users(id);
alter table public.directus_operations add constraint directus_operations_flow_foreign FOREIGN KEY (flow) REFERENCES public.directus_flows(id) ON DELETE CASCADE;
alter table public.directus_operations add constraint directus_operations_reject_foreign FOREIGN KEY (reject) REFERENCES public.directus_operations(id);
alter table public.directus_operations add constraint directus_operations_resolve_foreign FOREIGN KEY (resolve) REFERENCES public.directus_operations(id);
alter table public.directus_operations add constraint directus_operations_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_panels add constraint directus_panels_dashboard_foreign FOREIGN KEY (dashboard) REFERENCES public.directus_dashboards(id) ON DELETE CASCADE;
alter table public.directus_panels add constraint directus_panels_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_permissions add constraint directus_permissions_policy_foreign FOREIGN KEY (policy) REFERENCES public.directus_policies(id) ON DELETE CASCADE;
alter table public.directus_presets add constraint directus_presets_role_foreign FOREIGN KEY (role) REFERENCES public.directus_roles(id) ON DELETE CASCADE;
alter table public.directus_presets add constraint directus_presets_user_foreign FOREIGN KEY ("user") REFERENCES public.directus_users(id) ON DELETE CASCADE;
alter table public.directus_revisions add constraint directus_revisions_activity_foreign FOREIGN KEY (activity) REFERENCES public.directus_activity(id) ON DELETE CASCADE;
alter table public.directus_revisions add constraint directus_revisions_parent_foreign FOREIGN KEY (parent) REFERENCES public.directus_revisions(id);
alter table public.directus_revisions add constraint directus_revisions_version_foreign FOREIGN KEY (version) REFERENCES public.directus_versions(id) ON DELETE CASCADE;
alter table public.directus_roles add constraint directus_roles_parent_foreign FOREIGN KEY (parent) REFERENCES public.directus_roles(id);
alter table public.directus_sessions add constraint directus_sessions_share_foreign FOREIGN KEY (share) REFERENCES public.directus_shares(id) ON DELETE CASCADE;
alter table public.directus_sessions add constraint directus_sessions_user_foreign FOREIGN KEY ("user") REFERENCES public.directus_users(id) ON DELETE CASCADE;
alter table public.directus_settings add constraint directus_settings_project_logo_foreign FOREIGN KEY (project_logo) REFERENCES public.directus_files(id);
alter table public.directus_settings add constraint directus_settings_public_background_foreign FOREIGN KEY (public_background) REFERENCES public.directus_files(id);
alter table public.directus_settings add constraint directus_settings_public_favicon_foreign FOREIGN KEY (public_favicon) REFERENCES public.directus_files(id);
alter table public.directus_settings add constraint directus_settings_public_foreground_foreign FOREIGN KEY (public_foreground) REFERENCES public.directus_files(id);
alter table public.directus_settings add constraint directus_settings_public_registration_role_foreign FOREIGN KEY (public_registration_role) REFERENCES public.directus_roles(id) ON DELETE SET NULL;
alter table public.directus_settings add constraint directus_settings_storage_default_folder_foreign FOREIGN KEY (storage_default_folder) REFERENCES public.directus_folders(id) ON DELETE SET NULL;
alter table public.directus_shares add constraint directus_shares_collection_foreign FOREIGN KEY (collection) REFERENCES public.directus_collections(collection) ON DELETE CASCADE;
alter table public.directus_shares add constraint directus_shares_role_foreign FOREIGN KEY (role) REFERENCES public.directus_roles(id) ON DELETE CASCADE;
alter table public.directus_shares add constraint directus_shares_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_users add constraint directus_users_role_foreign FOREIGN KEY (role) REFERENCES public.directus_roles(id) ON DELETE SET NULL;
alter table public.directus_versions add constraint directus_versions_collection_foreign FOREIGN KEY (collection) REFERENCES public.directus_collections(collection) ON DELETE CASCADE;
alter table public.directus_versions add constraint directus_versions_user_created_foreign FOREIGN KEY (user_created) REFERENCES public.directus_users(id) ON DELETE SET NULL;
alter table public.directus_versions add constraint directus_versions_user_updated_foreign FOREIGN KEY (user_updated) REFERENCES public.directus_users(id);
alter table public.directus_webhooks add constraint directus_webhooks_migrated_flow_foreign FOREIGN KEY (migrated_flow) REFERENCES public.directus_flows(id) ON DELETE SET NULL;
insert into public.directus_migrations (version, name) values
  ('20201028A', 'Remove Collection Foreign Keys'),
  ('20201029A', 'Remove System Relations'),
  ('20201029B', 'Remove System Collections'),
  ('20201029C', 'Remove System Fields'),
  ('20201105A', 'Add Cascade System Relations'),
  ('20201105B', 'Change Webhook URL Type'),
  ('20210225A', 'Add Relations Sort Field'),
  ('20210304A', 'Remove Locked Fields'),
  ('20210312A', 'Webhooks Collections Text'),
  ('20210331A', 'Add Refresh Interval'),
  ('20210415A', 'Make Filesize Nullable'),
  ('20210416A', 'Add Collections Accountability'),
  ('20210422A', 'Remove Files Interface'),
  ('20210506A', 'Rename Interfaces'),
  ('20210510A', 'Restructure Relations'),
  ('20210518A', 'Add Foreign Key Constraints'),
  ('20210519A', 'Add System Fk Triggers'),
  ('20210521A', 'Add Collections Icon Color'),
  ('20210525A', 'Add Insights'),
  ('20210608A', 'Add Deep Clone Config'),
  ('20210626A', 'Change Filesize Bigint'),
  ('20210716A', 'Add Conditions to Fields'),
  ('20210721A', 'Add Default Folder'),
  ('20210802A', 'Replace Groups'),
  ('20210803A', 'Add Required to Fields'),
  ('20210805A', 'Update Groups'),
  ('20210805B', 'Change Image Metadata Structure'),
  ('20210811A', 'Add Geometry Config'),
  ('20210831A', 'Remove Limit Column'),
  ('20210903A', 'Add Auth Provider'),
  ('20210907A', 'Webhooks Collections Not Null'),
  ('20210910A', 'Move Module Setup'),
  ('20210920A', 'Webhooks URL Not Null'),
  ('20210924A', 'Add Collection Organization'),
  ('20210927A', 'Replace Fields Group'),
  ('20210927B', 'Replace M2M Interface'),
  ('20210929A', 'Rename Login Action'),
  ('20211007A', 'Update Presets'),
  ('20211009A', 'Add Auth Data'),
  ('20211016A', 'Add Webhook Headers'),
  ('20211103A', 'Set Unique to User Token'),
  ('20211103B', 'Update Special Geometry'),
  ('20211104A', 'Remove Collections Listing'),
  ('20211118A', 'Add Notifications'),
  ('20211211A', 'Add Shares'),
  ('20211230A', 'Add Project Descriptor'),
  ('20220303A', 'Remove Default Project Color'),
  ('20220308A', 'Add Bookmark Icon and Color'),
  ('20220314A', 'Add Translation Strings'),
  ('20220322A', 'Rename Field Typecast Flags'),
  ('20220323A', 'Add Field Validation'),
  ('20220325A', 'Fix Typecast Flags'),
  ('20220325B', 'Add Default Language'),
  ('20220402A', 'Remove Default Value Panel Icon'),
  ('20220429A', 'Add Flows'),
  ('20220429B', 'Add Color to Insights Icon'),
  ('20220429C', 'Drop Non Null From IP of Activity'),
  ('20220429D', 'Drop Non Null From Sender of Notifications'),
  ('20220614A', 'Rename Hook Trigger to Event'),
  ('20220801A', 'Update Notifications Timestamp Column'),
  ('20220802A', 'Add Custom Aspect Ratios'),
  ('20220826A', 'Add Origin to Accountability'),
  ('20230401A', 'Update Material Icons'),
  ('20230525A', 'Add Preview Settings'),
  ('20230526A', 'Migrate Translation Strings'),
  ('20230721A', 'Require Shares Fields'),
  ('20230823A', 'Add Content Versioning'),
  ('20230927A', 'Themes'),
  ('20231009A', 'Update CSV Fields to Text'),
  ('20231009B', 'Update Panel Options'),
  ('20231010A', 'Add Extensions'),
  ('20231215A', 'Add Focalpoints'),
  ('20240122A', 'Add Report URL Fields'),
  ('20240204A', 'Marketplace'),
  ('20240305A', 'Change Useragent Type'),
  ('20240311A', 'Deprecate Webhooks'),
  ('20240422A', 'Public Registration'),
  ('20240515A', 'Add Session Window'),
  ('20240701A', 'Add Tus Data'),
  ('20240716A', 'Update Files Date Fields'),
  ('20240806A', 'Permissions Policies'),
  ('20240817A', 'Update Icon Fields Length'),
  ('20240909A', 'Separate Comments'),
  ('20240909B', 'Consolidate Content Versioning'),
  ('20240924A', 'Migrate Legacy Comments'),
  ('20240924B', 'Populate Versioning Deltas'),
  ('20250224A', 'Visual Editor');
