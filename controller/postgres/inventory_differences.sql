-- What is not as git made it, and what git did not make.
select kind, name, coalesce(live.about, owned.about), owned.definition, live.definition, owned.file, owned.commit
from live_inventory live
full join reconcile.inventory owned using (kind, name)
where live.definition is distinct from owned.definition
order by 1, 2
