// `catchment zones lint`: what is wrong with a whole notice.
#include <array>
#include <iostream>
#include <memory>

#include "datasets/city_rows.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_notice.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/zone_json.hpp"
#include "server/cli/zones.hpp"

namespace catchment::cli {
namespace {

using engine::zone_text::Finding;
using engine::zone_text::LintReport;
using engine::zone_text::Severity;
using nlohmann::ordered_json;

struct ZonesLintArguments {
  std::string package, layer, notice, snapshot;
  unsigned threads = 0;
  bool notes = false;
};

using Counts = std::array<std::size_t, 3>;  // by Severity
Counts count(const LintReport& report) {
  Counts counts{};
  for (const Finding& f : report.findings) ++counts[static_cast<std::size_t>(severity_of(f.kind))];
  return counts;
}

ordered_json to_json(const LintReport& report, const std::vector<NoticeRow>& rows) {
  ordered_json findings = ordered_json::array();
  for (const Finding& f : report.findings) {
    ordered_json one = ordered_json::object();
    if (f.row == engine::zone_text::kWholeNotice) {
      one["row"] = nullptr;
    } else {
      one["row"] = f.row;
      one["place"] = rows[f.row].place;
      one["school"] = rows[f.row].row.school_id;
      one["school_name"] = rows[f.row].row.school_name;
    }
    one.update(cli::to_json(f));
    findings.push_back(std::move(one));
  }
  const Counts counts = count(report);
  return {{"rows", rows.size()},
          {"addresses",
           {{"looked_at", report.addresses},
            {"in_one", report.in_one},
            {"in_several", report.in_several},
            {"in_none", report.in_none},
            {"undetermined", report.undetermined}}},
          {"errors", counts[2]},
          {"warnings", counts[1]},
          {"notes", counts[0]},
          {"findings", findings}};
}

void print(const LintReport& report, const std::vector<NoticeRow>& rows, bool notes) {
  std::optional<std::size_t> at;
  for (const Finding& f : report.findings) {
    if (!notes && severity_of(f.kind) == Severity::note) continue;
    if (at != f.row) {
      at = f.row;
      if (f.row == engine::zone_text::kWholeNotice) {
        std::cout << "the whole notice\n";
      } else {
        const NoticeRow& row = rows[f.row];
        std::cout << printable(row.place) << "  " << printable(row.row.school_id) << " "
                  << printable(row.row.school_name) << "\n";
      }
    }
    print_finding(std::cout, f, f.row == engine::zone_text::kWholeNotice ? "" : rows[f.row].row.text);
  }
  const Counts counts = count(report);
  std::cout << rows.size() << " rows, " << report.addresses << " addresses: in one " << report.in_one << ", in several "
            << report.in_several << ", in none " << report.in_none << ", undetermined " << report.undetermined << "\n"
            << counts[2] << " errors, " << counts[1] << " warnings, " << counts[0] << " notes"
            << (notes || counts[0] == 0 ? "" : " (shown with --notes)") << "\n";
}

int run(const ZonesLintArguments& options, const Invocation& invocation) {
  const City city = open_city(options.package, options.snapshot);
  const std::vector<NoticeRow> rows =
      options.notice.empty() ? rows_of_layer(city.package, options.layer) : rows_of_file(options.notice, city.package);
  ProgressBar bar("steps");
  engine::zone_text::LintOptions how;
  std::vector<engine::zone_text::LintRow> earlier;
  if (options.notice.empty()) {
    earlier = datasets::earlier_rows(city.package, *notice_layer(city.package, options.layer));
    how.pool.earlier = earlier;
  }
  how.threads = options.threads;
  how.progress = [&](std::size_t done, std::size_t of) {
    bar.show(static_cast<std::int64_t>(done),
             static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(1, of)));
    return !cancelled();
  };
  const LintReport report = engine::zone_text::lint(lint_rows(rows), city.ground, how);
  if (report.cancelled) return kCancelled;
  if (invocation.wants_json()) {
    write_output(invocation.json_path,
                 to_json(report, rows).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") print(report, rows, options.notes);
  return count(report)[2] == 0 ? kDone : kFindings;
}

}  // namespace

void register_zones_lint(CLI::App& zones, Invocation& invocation) {
  auto options = std::make_shared<ZonesLintArguments>();
  CLI::App* command = zones.add_subcommand(
      "lint", "Find what is wrong with a notice: overlaps, gaps, contradictions, unknown names; with the mend");
  command->add_option("package", options->package, "City package (GeoPackage)")->required();
  CLI::Option* layer =
      command->add_option("--layer", options->layer, "The notice in the package, such as primary/2024");
  command->add_option("--notice", options->notice, "A notice file instead: .csv, .txt, .md, .xlsx")->excludes(layer);
  command->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  command->add_option("--threads", options->threads, "Threads; the report does not depend on it")
      ->check(CLI::Range(1, 256));
  command->add_flag("--notes", options->notes, "Show notes too");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
