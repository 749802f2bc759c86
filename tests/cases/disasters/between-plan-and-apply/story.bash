# shellcheck shell=bash disable=SC2154
new_database
wants clubs clubs.name
commit "Clubs"
pass applied
ask "insert into clubs (id, name) select gen_random_uuid(), 'club ' || n from generate_series(1, 12) n"
count_kept

# apply_meanwhile STATUS SQL: a pass has planned and waits for the ledger, while somebody does this.
apply_meanwhile() {
  in_session 'begin; lock table reconcile.revision in share mode' > /dev/null
  configure 'lock_timeout: 60s'
  begin --once --config "$home/reconcile.yaml"
  local waiting=$!
  until_true "select exists (select from pg_stat_activity where application_name = 'reconcile' and datname = current_database() and wait_event_type = 'Lock')"
  in_session "$2; commit" > /dev/null
  ends "$1" "$waiting"
}

step "a pass has planned a new column, and somebody makes another one of that name by hand: held"
wants clubs clubs.name clubs.city
commit "Clubs have a city"
apply_meanwhile 3 "alter table clubs add column city integer; update clubs set city = 7"
says 'held Conflict: field clubs\.city'
same "what somebody wrote" 12 "$(ask 'select count(*) from clubs where city = 7')"
no_row_is_lost

step "the way out: the column of that name is renamed by hand, or what git says is taken; nothing is overwritten before"
ask "alter table clubs rename column city to city_number"
pass applied
same "what somebody wrote" 12 "$(ask 'select count(*) from clubs where city_number = 7')"

step "the pass notices also what it has not planned for, and plans again"
wants clubs clubs.name clubs.city clubs.country
commit "Clubs have a country"
apply_meanwhile 0 "create table made_by_hand (n integer); insert into made_by_hand values (1)"
rows_are made_by_hand 1
no_row_is_lost
