// What a service with a store is made of, in the order in which it is made; and two threads: one sends its
// messages and sweeps its ended sessions, the other watches the store.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "server/api/city_service.hpp"
#include "server/api/service.hpp"

namespace catchment {

struct HostOptions {
  std::string store;                   // URL; empty: no store, look-ups only
  std::filesystem::path keys;          // key ring
  std::filesystem::path policy;        // pack
  std::filesystem::path season;        // folder of a season's setup; empty: the package's schools and zones
  std::filesystem::path rules;         // of the city's demand and seats; empty: those shipped
  std::filesystem::path mappings;      // folder of mappings by which uploads may be read; empty: no uploads
  std::filesystem::path new_packages;  // folder for packages made of confirmed uploads; empty: beside the package
  std::filesystem::path importer;      // the program that reads them; empty: `catchment` beside this one
  std::filesystem::path texts;         // file that messages to guardians are appended to; a gateway takes its place
  std::filesystem::path oidc;          // of the bureau's identity provider; empty: staff have passwords
  bool sm_suite = false;               // SM4 and SM3 for a season key that is made now
  bool rehearsal = false;
  std::string public_url;  // what clients call this service; may be empty
  std::string clock;       // of a rehearsal: where it begins
  std::string door_opens;  // when families may begin to sign in, and wait their turn from then on; empty: no door
  std::uint32_t door_rate = 100;  // so many a second; 0: nobody
};

class ServiceHost {
 public:
  // Makes the season's key if the ring has none. Throws InputError, StoreError{busy}.
  ServiceHost(const HostOptions& options, const api::CityService& city, const std::filesystem::path& package,
              const std::function<void(const std::string&)>& say);
  ~ServiceHost();

  api::Service& service();

  // Whether the store was read and written within the last seconds, as a thread that does so once a second found. Any
  // thread; quick. Where its writer finds the store lost, the process ends.
  bool ready() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace catchment
