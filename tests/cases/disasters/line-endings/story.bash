# shellcheck shell=bash disable=SC2154
new_database
write migrations/pre/001_clubs.sql << 'SQL'
-- Clubs
create table clubs (
  id integer primary key,
  name text not null default 'a  b'
);
SQL
commit "Clubs"
pass applied
ask "insert into clubs (id) select generate_series(1, 30)"
count_kept

step "line endings of Windows, a licence header, tabs and trailing spaces are no change"
sed --in-place 's/$/\r/' "$repository/migrations/pre/001_clubs.sql"
commit "CRLF"
pass in-sync
write migrations/pre/001_clubs.sql << 'SQL'
/* Licence: Apache-2.0 */
create table clubs (
	id integer primary key,   
	name text not null default 'a  b' -- the name
);

SQL
commit "A formatter"
pass in-sync
no_row_is_lost

step "another number of spaces within a text is one: held, with the lines that differ"
sed --in-place "s/'a  b'/'a b'/" "$repository/migrations/pre/001_clubs.sql"
commit "Edited"
keep
pass held:MigrationEdited
says "a b"
untouched

step "the way out: the file as it was, and the change in the next one, which is named"
named=$(advice '002_[a-z_]*')
git -C "$repository" checkout --quiet HEAD~1 -- migrations/pre/001_clubs.sql
write "migrations/pre/${named%_}_default.sql" "alter table clubs alter column name set default 'a b';"
commit "In a file of its own"
pass applied
same "the default" "'a b'::text" "$(ask "select column_default from information_schema.columns where table_name = 'clubs' and column_name = 'name'")"
no_row_is_lost
second_pass_is_empty
