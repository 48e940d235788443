// `catchment publish`: the static, signed bundle of a school year; `publish verify` and `publish key` beside it.
#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "datasets/text.hpp"
#include "geo/input_error.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/publish.hpp"
#include "server/publish/bundle.hpp"
#include "server/tiles/layer_tiles.hpp"

namespace catchment::cli {
namespace {

using nlohmann::ordered_json;

struct PublishArguments {
  publish::BundleOptions bundle;
  std::string key, site;
  bool no_site = false, not_signed = false;
};

constexpr const char* kSitePlaces[]{"viewer/dist-site", "/usr/share/catchment/site"};

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &local);
  return text;
}

std::filesystem::path find_site(const PublishArguments& options) {
  if (options.no_site) return {};
  if (!options.site.empty()) return options.site;
  for (const char* place : kSitePlaces) {
    if (std::filesystem::exists(std::filesystem::path(place) / "index.html")) return place;
  }
  throw InputError("site_missing", "--site",
                   "the site is neither in viewer/dist-site (npm --prefix viewer run build) nor installed; name its "
                   "folder, or leave it out with --no-site");
}

ordered_json summary_json(const publish::BundleSummary& s, const std::string& out) {
  return {{"bundle", out},
          {"school_year", s.school_year},
          {"layers", s.layers},
          {"files", s.files},
          {"bytes", s.bytes},
          {"addresses", s.addresses},
          {"shards", s.shards},
          {"fewest_in_shard", s.fewest_in_shard},
          {"tiles", s.tiles},
          {"sheets", s.sheets},
          {"hidden_names", s.hidden_names},
          {"backtest", s.backtest},
          {"signed", s.signed_}};
}

int run_publish(PublishArguments& options, const Invocation& invocation) {
  publish::BundleOptions& bundle = options.bundle;
  if (options.key.empty() && !options.not_signed) {
    throw InputError("key_missing", "--key",
                     "a bundle is signed: name the secret key (made by `catchment publish key`), or say --unsigned");
  }
  if (bundle.date.empty()) bundle.date = today();
  if (!datasets::is_iso_date(bundle.date)) throw InputError("date", "--date " + bundle.date, "not a date, YYYY-MM-DD");
  if (!options.key.empty()) bundle.key = publish::read_signing_key(options.key);
  bundle.site = find_site(options);
  bundle.city.threads = bundle.threads;
  publish::BundleSummary summary;
  try {
    std::unique_ptr<ProgressBar> bar;
    std::string step;
    summary = publish::publish_bundle(bundle, [&](std::string_view name, double share) {
      if (name != step) {
        bar.reset();
        step = name;
        std::cerr << step << "\n";
        bar = std::make_unique<ProgressBar>("% " + step);
      }
      bar->show(static_cast<std::int64_t>(share * 100), share);
      return !cancelled();
    });
  } catch (const publish::Stopped&) {
    std::cerr << "cancelled; " << bundle.out.string() << " is as it was\n";
    return kCancelled;
  }
  if (invocation.wants_json()) write_output(invocation.json_path, summary_json(summary, bundle.out.string()).dump(2));
  if (invocation.json_path != "-") {
    std::cout << bundle.out.string() << ": " << summary.files << " files, " << (summary.bytes + 999'999) / 1'000'000
              << " MB; " << summary.layers.size() << " layers of " << summary.school_year << ", " << summary.addresses
              << " addresses in " << summary.shards << " files of at least " << summary.fewest_in_shard << ", "
              << summary.tiles << " tiles, " << summary.sheets << " sheets, " << summary.hidden_names
              << " names hidden; " << (summary.signed_ ? "signed" : "not signed") << "\n";
  }
  return kDone;
}

// --- verify -------------------------------------------------------------------------------------------------------

struct VerifyArguments {
  std::string folder, key;
};

int run_verify(const VerifyArguments& options, const Invocation& invocation) {
  const publish::BundleCheck check = publish::verify_bundle(options.folder, publish::read_public_key(options.key));
  if (invocation.wants_json()) {
    ordered_json faults = ordered_json::array();
    for (const publish::BundleFault& f : check.faults) faults.push_back({{"file", f.file}, {"fault", f.fault}});
    write_output(invocation.json_path, ordered_json{{"files", check.files}, {"faults", faults}}.dump(
                                           2, ' ', false, ordered_json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") {
    for (const publish::BundleFault& f : check.faults) std::cout << f.file << ": " << f.fault << "\n";
    if (check.faults.empty()) std::cout << "all " << check.files << " files are as signed\n";
  }
  return check.faults.empty() ? kDone : kFindings;
}

// --- key ----------------------------------------------------------------------------------------------------------

void write_new_file(const std::string& path, const std::string& text, mode_t mode) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0 && errno == EEXIST) throw InputError("key_exists", path, "there is a key already; it is not replaced");
  if (fd < 0) throw std::system_error(errno, std::generic_category(), path);
  const bool whole = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int failed = errno;
  ::close(fd);
  if (!whole) throw std::system_error(failed, std::generic_category(), path);
}

int run_key(const std::string& out) {
  std::array<std::uint8_t, 40> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    throw std::system_error(EIO, std::generic_category(), "no random numbers");
  }
  const publish::SigningKey key = publish::make_signing_key(random);
  write_new_file(out, publish::signing_key_text(key), 0600);
  write_new_file(out + ".pub", publish::public_key_text(key.public_key), 0644);
  std::cout << "secret key " << out << " (keep it), public key " << out
            << ".pub (publish it elsewhere than in bundles)\n";
  return kDone;
}

void add_publish_options(CLI::App& command, PublishArguments& options) {
  publish::BundleOptions& bundle = options.bundle;
  bundle.threads = std::max(1u, std::thread::hardware_concurrency());
  command.add_option("package", bundle.city.package, "City package (GeoPackage)");
  command.add_option("--out", bundle.out, "The folder to write; a bundle that is there is replaced whole");
  command.add_option("--layer", bundle.city.layers,
                     "Layer, such as primary/2026; may be repeated; default all of the year");
  command.add_option("--school-year", bundle.city.school_year, "The year it begins in; default the package's last")
      ->check(CLI::Range(1900, 2200));
  command.add_option("--key", options.key, "Secret key to sign with (catchment publish key, minisign -G -W)");
  command.add_flag("--unsigned", options.not_signed, "Do not sign");
  command.add_option("--site", options.site, "The built site; default viewer/dist-site or the one installed");
  command.add_flag("--no-site", options.no_site, "Files only");
  command.add_flag("!--no-atlas", bundle.atlas, "No PDF and no sheets");
  command.add_flag("!--no-backtest", bundle.backtest, "No back-test of forecasts");
  command.add_option("--snapshot", bundle.city.snapshot, "Take the names from this snapshot of the package");
  command.add_option("--hidden-names", bundle.city.hidden_names,
                     "Names no map shows, instead of datasets/publish/hidden_names.tsv");
  command.add_option("--licence", bundle.licence, "Text file with the licence of the data");
  command.add_option("--approval-no", bundle.approval_no, "Map approval number (审图号); left open if not given");
  command.add_option("--date", bundle.date, "Date of the bundle, YYYY-MM-DD; default today");
  command.add_option("--max-zoom", bundle.max_zoom, "Largest zoom of the tiles")
      ->check(CLI::Range(tiles::kMinZoom, tiles::kMaxZoom))
      ->capture_default_str();
  command.add_option("--threads", bundle.threads, "Threads; the result does not depend on it")
      ->check(CLI::Range(1, 256));
}

}  // namespace

void register_publish(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<PublishArguments>();
  CLI::App* command = app.add_subcommand(
      "publish", "Write a static, signed bundle of a school year: site, data, tiles, notices, atlas");
  add_publish_options(*command, *options);
  add_json_option(*command, invocation);
  command->require_subcommand(0, 1);

  auto verify = std::make_shared<VerifyArguments>();
  CLI::App* check =
      command->add_subcommand("verify", "Check signature and files of a bundle; exit code 1 names what differs");
  check->add_option("folder", verify->folder, "The bundle")->required();
  check->add_option("--key", verify->key, "The publisher's public key")->required();
  add_json_option(*check, invocation);
  check->callback(
      [verify, &invocation] { invocation.run = [verify, &invocation] { return run_verify(*verify, invocation); }; });

  auto out = std::make_shared<std::string>();
  CLI::App* key = command->add_subcommand("key", "Make a key to sign with: FILE and FILE.pub");
  key->add_option("file", *out, "The secret key's file; refused if it is there")->required();
  key->callback([out, &invocation] { invocation.run = [out] { return run_key(*out); }; });

  command->callback([options, command, &invocation] {
    if (!command->get_subcommands().empty()) return;
    if (options->bundle.city.package.empty()) throw CLI::RequiredError("package");
    if (options->bundle.out.empty()) throw CLI::RequiredError("--out");
    invocation.run = [options, &invocation] { return run_publish(*options, invocation); };
  });
}

}  // namespace catchment::cli
