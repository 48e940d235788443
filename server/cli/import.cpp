// catchment import PACKAGE SOURCE --mapping FILE --crs X, or PACKAGE --notice FILE --layer X (import_notice.hpp)
#include <array>
#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>

#include "datasets/importer/importer.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/import_notice.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/confine/confine.hpp"

namespace catchment::cli {
namespace {

std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text.data() + size, text.size() - size, ".%03dZ", static_cast<int>(millis));
  return text.data();
}

// Libraries load parts of theirs late (character sets, reference systems): what lies there is everybody's.
void shut_in(const std::filesystem::path& package) {
  const std::filesystem::path folder = package.has_parent_path() ? package.parent_path() : ".";
  confine::enter({.scratch = folder, .readable = {"/usr/lib", "/usr/share/proj", "/usr/share/gdal"}, .limits = {}});
}

int run(datasets::ImportRequest request, const Invocation& invocation, bool strict) {
  if (request.last_change.empty()) request.last_change = now_text();
  datasets::ImportReport report;
  {
    ProgressBar bar("rows");
    request.progress = [&](const datasets::ImportProgress& progress) {
      bar.show(progress.rows, progress.share);
      return !cancelled();
    };
    report = datasets::import_source(request);
  }
  if (invocation.wants_json()) write_output(invocation.json_path, to_json(report));
  if (report.cancelled) {
    std::cerr << "catchment: cancelled, nothing was written\n";
    return kCancelled;
  }
  if (invocation.json_path != "-") write_output("-", to_text(report));
  return strict && report.refused_total > 0 ? kFindings : kDone;
}

}  // namespace

void register_import(CLI::App& app, Invocation& invocation) {
  struct Options {
    datasets::ImportRequest request;
    std::vector<std::string> variables;
    NoticeOptions notice;
    bool strict = false, confined = false;
  };
  const auto options = std::make_shared<Options>();
  datasets::ImportRequest& request = options->request;
  CLI::App* command =
      app.add_subcommand("import", "Import a file into a city package, under a mapping; or a published notice");
  command->add_option("PACKAGE", request.package, "The city package (.gpkg); made if it is not there")->required();
  command->add_option("SOURCE", request.file,
                      "GeoPackage, GeoJSON, GeoJSONSeq, Shapefile, CSV, KML, FlatGeobuf, OSM; also .gz, .zip");
  command->add_option("--mapping", request.mapping, "Which fields become which columns (mapping.schema.json)")
      ->type_name("FILE");
  command->add_option("--set", options->variables, "Value of a variable of the mapping; may be repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      ->add_option("--crs", request.crs,
                   "Reference system of the source: EPSG:n, GCJ02, BD09, each also with @yx for northing first;\n"
                   "or file: what the file itself declares. Needed whenever geometry is imported")
      ->type_name("CRS");
  command->add_flag("--force-crs", request.force_crs, "Believe --crs though the file or known schools contradict it");
  command->add_option(
      "--source", request.source,
      "Name of this source in the package; importing it again replaces its rows. Default: the file's name");
  command->add_flag("--dry-run", request.dry_run, "Say what would happen, write nothing");
  command->add_flag("--confined", options->confined,
                    "First give up all but the package's folder, where the files have to be: no network, no other "
                    "program;\nfor files of strangers");
  command->add_flag("--strict", options->strict, "Exit with 1 if any row was refused (the others are imported)");
  command->add_option("--list", request.refused_limit, "How many refused rows to list")->capture_default_str();
  command->add_option("--last-change", request.last_change, "Instant to write as the time of change. Default: now")
      ->type_name("ISO8601");
  add_notice_options(*command, options->notice);
  add_json_option(*command, invocation);
  command->callback([options, &invocation] {
    if (!options->notice.file.empty()) {
      const bool both = !options->request.file.empty() || !options->request.mapping.empty();
      if (both) throw CLI::ValidationError("--notice", "takes the place of SOURCE and --mapping");
      if (options->notice.layer.empty()) throw CLI::RequiredError("--layer");
      datasets::NoticeRequest& notice = options->notice.request;
      notice.package = options->request.package;
      notice.source = options->request.source;
      notice.last_change = options->request.last_change.empty() ? now_text() : options->request.last_change;
      invocation.run = [options, &invocation] { return run_notice(options->notice, invocation); };
      return;
    }
    if (options->request.file.empty()) throw CLI::RequiredError("SOURCE");
    if (options->request.mapping.empty()) throw CLI::RequiredError("--mapping");
    for (const std::string& text : options->variables) {
      const std::size_t equals = text.find('=');
      if (equals == 0 || equals == std::string::npos) {
        throw CLI::ValidationError("--set", "must be NAME=VALUE: " + text);
      }
      options->request.variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    invocation.run = [options, &invocation] {
      if (options->confined) shut_in(options->request.package);
      return run(options->request, invocation, options->strict);
    };
  });
}

}  // namespace catchment::cli
