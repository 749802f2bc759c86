-- Of the pieces of a revision the newest is enough, and none once it is whole.
delete from reconcile.revision
where outcome = 'begun' and not applied and id > coalesce((select max(id) from reconcile.revision where applied), 0)
