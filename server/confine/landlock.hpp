// The files of a room, by Landlock: system calls that glibc has no names for, and constants newer than Debian's
// headers.
#pragma once

#include "server/confine/confine.hpp"

namespace catchment::confine {

// From now on only the room's files can be opened or changed, and, where the kernel knows it (6.7, 6.12), no TCP
// connection made and no signal sent or abstract socket reached outside. Needs no_new_privs. Throws ConfineError.
void shut_files(const Room& room);

}  // namespace catchment::confine
