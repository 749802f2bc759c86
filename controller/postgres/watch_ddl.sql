drop event trigger if exists reconcile_ddl;
drop event trigger if exists reconcile_drop;
create event trigger reconcile_ddl on ddl_command_end execute function reconcile.note_ddl();
create event trigger reconcile_drop on sql_drop execute function reconcile.note_ddl()
