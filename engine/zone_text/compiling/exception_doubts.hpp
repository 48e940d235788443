// Exceptions that may hold: of a name that nobody knows or that several things bear, of part of a thing, of a section
// whose ends the words leave open. Internal to the compiler.
//
// Such an exception is of what was given before it, in its brackets' item, else in its clause, else in the text: a
// rule of level denial and effect undetermined beside each rule that gives, under the same conditions. It puts what
// that rule gives in doubt, there and nowhere else, and gives nothing itself.
#pragma once

#include "engine/zone_text/rules.hpp"

namespace catchment::engine::zone_text {

// What of a rule that gives may be excepted. `exception`: the name, numbers and stretch that it is under (none: it may
// be any of what is given), why it is in doubt, and where it stands.
AddressRule doubt_of(const AddressRule& given, const AddressRule& exception);

}  // namespace catchment::engine::zone_text
