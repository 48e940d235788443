// The bundle of a school year: a folder that needs no service (README.txt in it says what is where).
//
// Everything in it follows from the package, the options and the site: equal input gives equal bytes.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/publish/bundle_city.hpp"
#include "server/publish/minisign.hpp"

namespace catchment::publish {

struct BundleOptions {
  CityOptions city;
  std::filesystem::path out;
  std::filesystem::path site;     // what the viewer's build made (viewer/dist-site); empty: no site
  std::filesystem::path licence;  // of the data; empty: a text that says none was named
  std::string date;               // YYYY-MM-DD
  std::string approval_no;        // 审图号; empty: left open on every sheet
  int max_zoom = 14;
  bool atlas = true;
  bool backtest = true;
  std::optional<SigningKey> key;  // nothing: not signed
  unsigned threads = 1;
};

struct BundleSummary {
  int school_year = 0;
  std::vector<std::string> layers;
  std::size_t files = 0;
  std::uintmax_t bytes = 0;
  std::size_t addresses = 0;
  std::size_t shards = 0, fewest_in_shard = 0;
  std::size_t tiles = 0, sheets = 0;
  std::size_t hidden_names = 0;  // zones, places and addresses that no map shows
  bool backtest = false, signed_ = false;
};

// Writes the bundle in the place of whatever bundle was there, whole or not at all. Throws InputError: those of
// read_bundle_city, site_missing, licence, target_not_a_bundle, bundle_locked; Stopped; std::system_error.
BundleSummary publish_bundle(const BundleOptions& options, const Report& report);

struct BundleFault {
  std::string file;
  std::string fault;  // changed | missing | not_listed | signature: ...
};
struct BundleCheck {
  std::size_t files = 0;            // listed
  std::vector<BundleFault> faults;  // by file; the signature's first
};
// Throws InputError("bundle_unreadable") where there is no manifest, and "manifest".
BundleCheck verify_bundle(const std::filesystem::path& folder, const PublicKey& key);

}  // namespace catchment::publish
