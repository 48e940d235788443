// The part of the service that keeps what families and offices hand in; a service without a store only looks things up.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "server/access/accounts.hpp"
#include "server/access/guardians.hpp"
#include "server/access/key_ring.hpp"
#include "server/access/oidc.hpp"
#include "server/access/sessions.hpp"
#include "server/desk/desk.hpp"
#include "server/store/store.hpp"

namespace catchment::imports {
class ImportDesk;
}
namespace catchment::outlook {
class OutlookDesk;
}
namespace catchment::plans {
class JobDesk;
class PlanDesk;
}  // namespace catchment::plans

namespace catchment::api {

class Door;

// Beijing local time. A rehearsal's clock can be set and then goes on; nobody waits weeks to rehearse a season.
class ServiceClock {
 public:
  explicit ServiceClock(bool rehearsal) : rehearsal_(rehearsal) {}
  std::chrono::local_seconds now() const;
  bool rehearsal() const { return rehearsal_; }
  // Where a rehearsal begins.
  void start(std::chrono::local_seconds at);
  void set(std::chrono::local_seconds to);  // only forward

 private:
  bool rehearsal_;
  std::atomic<std::int64_t> ahead_{0};  // seconds
};

struct Service {
  ServiceClock& clock;
  store::Store& store;
  access::KeyRing& ring;
  access::FieldSeal& seal;
  access::Randomness randomness;
  access::Sessions& sessions;
  access::Accounts& accounts;
  access::Guardians& guardians;
  desk::Desk& desk;
  std::function<void()> messages_put;  // to be called when one was: it is sent at once
  // Null: this service makes no plans, no forecasts.
  plans::PlanDesk* plans = nullptr;
  plans::JobDesk* jobs = nullptr;
  outlook::OutlookDesk* outlook = nullptr;
  Door* door = nullptr;                // null: nobody waits
  access::OidcClient* oidc = nullptr;  // null: staff have passwords
  // What one person asked for and a second must want stands so long.
  std::chrono::hours proposals_stand{24};
  imports::ImportDesk* imports = nullptr;  // null: no uploads
};

}  // namespace catchment::api
