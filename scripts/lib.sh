# Shared by the scripts beside it; read with ". scripts/lib.sh" from the root
# of the project.

# Programs fetched here must be readable by the account that root drops to.
umask 022

say() { echo "$0: $*" >&2; }
die() { say "$*"; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

# as_root runs a command as root without ever asking for a password.
as_root() {
	if is_root; then
		"$@"
	elif has sudo && sudo -n true 2>/dev/null; then
		sudo -n "$@"
	else
		return 1
	fi
}

can_apt() { has apt-get && as_root true; }

# apt_install installs Debian packages, telling what it does.
apt_install() {
	say "installing with apt-get: $*"
	# A broken extra source must not stop what the main one has.
	as_root apt-get update -q >&2 || say "apt-get update met an error, going on"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

# obtain PACKAGE VERSION DIGEST FOLDER puts a package of the npm registry below
# FOLDER/node_modules, whole or not at all, and runs nothing of it. It needs Go,
# as all of the project does, and no npm.
obtain() {
	say "fetching $1@$2 into $4"
	(cd tools && go run ./obtain "$@") >&2
}

# platform is the machine in the words of npm: linux-x64, darwin-arm64, …
platform() {
	case "$(uname -s)" in
	Linux) platform_os=linux ;;
	Darwin) platform_os=darwin ;;
	*) return 1 ;;
	esac
	case "$(uname -m)" in
	x86_64 | amd64) echo "$platform_os-x64" ;;
	aarch64 | arm64) echo "$platform_os-arm64" ;;
	*) return 1 ;;
	esac
}
