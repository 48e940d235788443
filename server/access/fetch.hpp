// One exchange with the bureau's identity provider over the network, by libcurl: certificates are checked against the
// system's, nothing is followed, nothing is kept between calls.
#pragma once

#include "server/access/oidc.hpp"

namespace catchment::access {

// Ends within 10 s and takes no answer over 64 kB; speaks https, and http where the URL says so. Throws
// InputError(oidc_unreachable), which names nothing of what was asked. Safe for threads.
FetchAnswer fetch_over_network(const FetchRequest& request);

}  // namespace catchment::access
