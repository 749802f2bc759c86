-- Its triggers go with its functions.
drop function if exists reconcile.note_ddl() cascade;
drop function if exists reconcile.note_rows() cascade;
drop function if exists reconcile.note_change(text, text[]);
drop function if exists reconcile.without_literals(text);
drop table if exists reconcile.change
