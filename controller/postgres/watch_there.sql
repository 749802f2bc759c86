-- What of the watch is there: its functions in today's layout, its triggers on those tables of Directus that are there,
-- and the two that hear of DDL, which not every role may make. Amazon's servers let their own kind of superuser.
select coalesce(pg_catalog.obj_description(pg_catalog.to_regclass('reconcile.change'), 'pg_class'), '') like '%watch layout 2'
         and pg_catalog.to_regproc('reconcile.note_rows') is not null
         and not exists (
           select from (values ('directus_collections'), ('directus_fields'), ('directus_relations')) t(name)
           where pg_catalog.to_regclass('public.' || t.name) is not null
             and (select pg_catalog.count(*) from pg_catalog.pg_trigger g
                  where g.tgrelid = pg_catalog.to_regclass('public.' || t.name)
                    and g.tgname in ('reconcile_insert', 'reconcile_update', 'reconcile_delete', 'reconcile_truncate')) < 4) as rows,
       exists (select from pg_catalog.pg_event_trigger e
               where e.evtname = 'reconcile_ddl' and e.evtfoid = pg_catalog.to_regprocedure('reconcile.note_ddl()')) as ddl,
       exists (select from pg_catalog.pg_event_trigger e
               where e.evtname = 'reconcile_drop' and e.evtfoid = pg_catalog.to_regprocedure('reconcile.note_ddl()')) as drops,
       exists (select from pg_catalog.pg_roles r
               where r.rolname = current_user and r.rolsuper
                  or r.rolname = 'rds_superuser' and pg_catalog.pg_has_role(r.oid, 'member')) as may
