#!/bin/sh
# Runs once, when the database folder is empty. Two roles: the owner of the tables, and the runtime
# role that row-level security holds. Neither is a superuser.
set -eu
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v owner_password="$KC_OWNER_PASSWORD" -v app_password="$KC_APP_PASSWORD" <<'SQL'
CREATE ROLE kc_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS PASSWORD :'owner_password';
CREATE ROLE kc_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD :'app_password';
GRANT kc_app TO kc_owner;
CREATE DATABASE khuyencong OWNER kc_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE khuyencong FROM PUBLIC;
GRANT CONNECT ON DATABASE khuyencong TO kc_app;
\connect khuyencong
SET ROLE kc_owner;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SQL
