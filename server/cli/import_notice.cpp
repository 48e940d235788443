#include "server/cli/import_notice.hpp"

#include <iostream>

#include "datasets/text.hpp"
#include "geo/input_error.hpp"
#include "server/cli/progress_bar.hpp"

namespace catchment::cli {

void add_notice_options(CLI::App& command, NoticeOptions& options) {
  const std::string group = "Notices";
  datasets::NoticeRequest& request = options.request;
  const auto text = [&](const char* name, std::string& value, const char* help) {
    command.add_option(name, value, help)->group(group);
  };
  command
      .add_option(
          "--notice", options.file,
          "A published notice instead of SOURCE: .csv, .xlsx, .md tables, or .txt of 学校：文字. Shows what it\n"
          "would change and exits with 1; writes once that is confirmed")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--layer", options.layer, "What the notice is of: primary/2026, junior/2026/girls")
      ->type_name("LAYER")
      ->group(group);
  CLI::Option* confirm =
      command.add_option("--confirm", request.confirm, "Write, if the changes are those of this digest")
          ->type_name("DIGEST")
          ->group(group);
  command.add_flag("--yes", request.yes, "Write whatever the changes are; for scripts")
      ->group(group)
      ->excludes(confirm);
  command
      .add_flag("--partial", request.partial,
                "Take the rows that can be taken though others cannot; removes no rows then")
      ->group(group);
  text("--notice-id", request.notice.id, "Default: N-<stage>-<year>");
  text("--title", request.notice.title, "Default: as the package has it, else the text above the table");
  text("--bureau", request.notice.bureau, "Who published it");
  text("--published", request.notice.published, "ISO date");
  text("--url", request.notice.url, "Where it was published");
  text("--phone", request.notice.phone, "Where a family may ask");
  text("--snapshot", request.snapshot, "The package's snapshot, so that its names need not be built");
}

int run_notice(NoticeOptions options, const Invocation& invocation) {
  datasets::NoticeRequest& request = options.request;
  const auto layer = engine::find_layer_key(options.layer);
  if (!layer) throw InputError("layer_unknown", "--layer " + options.layer, "say which layer: primary/2026");
  if (!request.notice.published.empty() && !datasets::is_iso_date(request.notice.published)) {
    throw InputError("value_rule", "--published " + request.notice.published, "must be a date such as 2026-05-20");
  }
  request.layer = *layer;
  request.file = options.file;
  datasets::NoticeReport report;
  {
    ProgressBar bar("steps");
    request.progress = [&](const std::string&, std::size_t done, std::size_t of) {
      const double share = of == 0 ? 1 : static_cast<double>(done) / static_cast<double>(of);
      bar.show(static_cast<std::int64_t>(done), share);
      return !cancelled();
    };
    report = datasets::import_notice(request);
  }
  if (invocation.wants_json()) write_output(invocation.json_path, to_json(report));
  if (report.cancelled) {
    std::cerr << "catchment: cancelled, nothing was written\n";
    return kCancelled;
  }
  if (invocation.json_path != "-") write_output("-", to_text(report));
  return report.written || (report.digest.empty() && !report.blocked) ? kDone : kFindings;
}

}  // namespace catchment::cli
