// What `catchmentd backup | restore | verify` do, once their options are read. Results go to `out`, as lines for
// people. Exit codes: 0 all is well, 1 faults were found (verify). Throws InputError, StoreError as backup.hpp says.
#pragma once

#include <iosfwd>
#include <string>

namespace catchment::store {

// Beside a running service or without one.
int backup_command(const std::string& url, const std::string& file, std::ostream& out);

int restore_command(const std::string& file, const std::string& url, std::ostream& out);

// `what` is a store's URL or a backup's path.
int verify_command(const std::string& what, std::ostream& out);

}  // namespace catchment::store
