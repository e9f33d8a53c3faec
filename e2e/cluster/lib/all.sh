# shellcheck shell=bash
# All parts, in an order in which none uses an earlier one's variables too soon. Defines things only; runs nothing.

LIB=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=base.sh
. "$LIB/base.sh"
# shellcheck source=recipes.sh
. "$LIB/recipes.sh"
# shellcheck source=build.sh
. "$LIB/build.sh"
# shellcheck source=packages.sh
. "$LIB/packages.sh"
# shellcheck source=process.sh
. "$LIB/process.sh"
# shellcheck source=pki.sh
. "$LIB/pki.sh"
# shellcheck source=gates.sh
. "$LIB/gates.sh"
# shellcheck source=control-plane.sh
. "$LIB/control-plane.sh"
# shellcheck source=images.sh
. "$LIB/images.sh"
# shellcheck source=node.sh
. "$LIB/node.sh"
# shellcheck source=leftovers.sh
. "$LIB/leftovers.sh"
