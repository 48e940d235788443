#include "server/imports/import_desk.hpp"

#include <algorithm>
#include <system_error>

#include "datasets/package_changes.hpp"
#include "geo/input_error.hpp"
#include "server/confine/child.hpp"
#include "server/desk/refused.hpp"
#include "server/imports/new_package.hpp"
#include "server/imports/scratch.hpp"

namespace catchment::imports {
namespace {

namespace fs = std::filesystem;
using confine::ChildEnd;
using desk::Refused;

constexpr std::size_t kLongestName = 60, kMostVariables = 20;
constexpr int kFindings = 1, kBadInput = 2;  // exit codes of the importer (server/cli/cli.hpp)

// The names of files are ours: a stranger's could mean something to whoever opens them.
const char* name_of(UploadFormat format) {
  switch (format) {
    case UploadFormat::geojson:
      return "upload.geojson";
    case UploadFormat::geopackage:
      return "upload.gpkg";
    case UploadFormat::zip:
      return "upload.zip";
    case UploadFormat::csv:
      return "upload.csv";
  }
  return "upload";
}

bool is_crs(std::string_view text) {
  return text.size() <= kLongestName && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
                  c == '@';
         });
}

// A text of somebody's own, which must not look like an option or end the line.
bool is_value(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && text.front() != '-' &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_upload(const Upload& upload, const fs::path& mappings) {
  const auto need = [](bool holds, const char* code, const char* where, const char* message) {
    if (!holds) throw InputError(code, where, message);
  };
  need(is_mapping_name(upload.mapping), "mapping_name", "mapping", "must be a name of letters, digits, - and _");
  need(is_value(upload.source), "import_source", "source", "must be a short name");
  need(is_crs(upload.crs), "import_crs", "crs", "must be EPSG:n, GCJ02, BD09 or file");
  need(upload.variables.size() <= kMostVariables, "import_variable", "set", "too many variables");
  for (const auto& [name, value] : upload.variables)
    need(is_mapping_name(name) && is_value(value), "import_variable", "set", "must be NAME=VALUE, both short");
  need(fs::is_regular_file(mappings / (upload.mapping + ".json")), "mapping_unknown", "mapping",
       "there is no such mapping here");
}

std::unique_lock<std::mutex> take_turn(std::mutex& mutex) {
  std::unique_lock alone(mutex, std::try_to_lock);
  if (!alone)
    throw Refused(503, "importer_busy", "Another file is being looked into; try again in a moment.", "", "file");
  return alone;
}

std::vector<std::string> arguments_of(const Upload& upload, bool write) {
  std::vector<std::string> words{"import",      "city.gpkg",    name_of(upload.format),
                                 "--mapping",   "mapping.json", "--source",
                                 upload.source, "--confined",   "--json",
                                 "-",           "--list",       std::to_string(kFindingsListed)};
  if (!write) words.emplace_back("--dry-run");
  if (!upload.crs.empty()) words.insert(words.end(), {"--crs", upload.crs});
  for (const auto& [name, value] : upload.variables) words.insert(words.end(), {"--set", name + "=" + value});
  return words;
}

// Where the folder lies is nobody's business.
std::string without_folder(std::string text, const fs::path& folder) {
  const std::string path = folder.string() + "/";
  for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.erase(at, path.size());
  return text;
}

ImportAnswer answer_of(const ChildEnd& end, const fs::path& folder) {
  if (end.how == ChildEnd::How::killed || end.how == ChildEnd::How::late || end.how == ChildEnd::How::talkative)
    throw Refused(422, "importer_limits", "To read this file takes more time or memory than an upload may.", "",
                  "file");
  try {
    if (end.code == 0 || end.code == kFindings) return read_import_answer(end.output);
    if (end.code == kBadInput) {
      const ImportRefusal refusal = read_import_refusal(end.output);
      throw Refused(422, refusal.code, without_folder(refusal.message, folder), "", "file");
    }
  } catch (const InputError&) {  // it did not say what an importer says
  }
  throw Refused(503, "importer_away", "The importer cannot be asked now.", "", "file");
}

// Texts and numbers one after the other, each with its length, so that no two answers are the same bytes.
class DigestText {
 public:
  DigestText& add(std::string_view text) {
    text_.append(std::to_string(text.size())).append(":").append(text);
    return *this;
  }
  DigestText& add(std::int64_t number) { return add(std::string_view(std::to_string(number))); }
  DigestText& add(const std::vector<std::string>& texts) {
    add(static_cast<std::int64_t>(texts.size()));
    for (const std::string& text : texts) add(text);
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_ = "catchment import 1\n";
};

void add_answer(DigestText& out, const ImportAnswer& answer) {
  out.add(answer.crs).add(answer.crs_check).add(static_cast<std::int64_t>(answer.tables.size()));
  for (const TableChanges& t : answer.tables) {
    out.add(t.table).add(t.read).add(t.passed).add(t.refused);
    out.add(t.added).add(t.changed).add(t.removed).add(t.unchanged);
    out.add(t.added_ids).add(t.changed_ids).add(t.removed_ids);
  }
  out.add(answer.findings_total).add(static_cast<std::int64_t>(answer.findings.size()));
  for (const ImportFinding& f : answer.findings)
    out.add(f.layer).add(f.row).add(f.table).add(f.field).add(f.code).add(f.reason);
}

bool changes_nothing(const ImportAnswer& answer) {
  return std::ranges::all_of(answer.tables, [](const auto& t) { return t.added + t.changed + t.removed == 0; });
}

// What the rows say against what the child said.
bool is_as_told(const datasets::PackageChanges& rows, const ImportAnswer& answer) {
  if (!rows.elsewhere.empty()) return false;
  return std::ranges::all_of(rows.source, [&](const datasets::SourceChanges& found) {
    const auto told = std::ranges::find(answer.tables, found.table, &TableChanges::table);
    if (told == answer.tables.end()) return found.added + found.changed + found.removed == 0;
    return found.added == told->added && found.changed == told->changed && found.removed == told->removed &&
           found.unchanged == told->unchanged;
  });
}

// What an operating system has against it is nobody's fault who asked, and may be otherwise in a while.
template <class F>
auto with_disk(const char* code, const char* message, F&& fn) {
  try {
    return fn();
  } catch (const std::system_error&) {
    throw Refused(503, code, message);
  }
}

}  // namespace

// One upload on its way. Copies are taken once, so that what is hashed, changed and compared is the same package though
// somebody replaces the file meanwhile.
class ImportDesk::Run {
 public:
  Run(const ImportOptions& options, const Upload& upload) : options_(options), upload_(upload) {
    ours_.copy(options.package, "before.gpkg");
    childs_.copy(ours_.at("before.gpkg"), "city.gpkg");
    childs_.copy(options.mappings / (upload.mapping + ".json"), "mapping.json");
    childs_.write(upload.bytes, name_of(upload.format));
    package_sha256_ = sha256_of_file(ours_.at("before.gpkg"));
    mapping_sha256_ = sha256_of_file(childs_.at("mapping.json"));
    childs_.hand_over();
  }

  LookedInto ask_child(bool write) {
    const auto end = confine::run_child({.program = options_.importer,
                                         .arguments = arguments_of(upload_, write),
                                         .folder = childs_.path(),
                                         .limits = {}});
    LookedInto looked{answer_of(end, childs_.path()), sha256_of(upload_.bytes), {}};
    DigestText text;
    text.add(package_sha256_).add(mapping_sha256_).add(looked.file_sha256);
    text.add(name_of(upload_.format)).add(upload_.mapping).add(upload_.source).add(upload_.crs);
    text.add(static_cast<std::int64_t>(upload_.variables.size()));
    for (const auto& [name, value] : upload_.variables) text.add(name).add(value);
    add_answer(text, looked.answer);
    looked.digest = sha256_of(text.text());
    return looked;
  }

  // What the child wrote, ours now and known to be what it told.
  fs::path check_written(const ImportAnswer& answer) {
    const fs::path after = ours_.at("after.gpkg");
    take_over(childs_.at("city.gpkg"), after, confine::Limits{}.file_bytes);
    try {
      if (!is_as_told(datasets::compare_packages(ours_.at("before.gpkg"), after, upload_.source), answer))
        throw Refused(422, "import_untrue", "The importer wrote something else than it told; nothing was kept.");
      if (options_.load) options_.load(after);
    } catch (const InputError& error) {
      throw Refused(
          422, "package_unloadable",
          without_folder("The package would not load, and was not kept: " + std::string(error.what()), ours_.path()));
    }
    return after;
  }

 private:
  const ImportOptions& options_;
  const Upload& upload_;
  Scratch ours_, childs_;
  std::string package_sha256_, mapping_sha256_;
};

ImportDesk::ImportDesk(ImportOptions options) : options_(std::move(options)) {
  if (options_.new_packages.empty()) options_.new_packages = fs::absolute(options_.package).parent_path();
  Scratch::sweep();
}

LookedInto ImportDesk::look_into(const Upload& upload) {
  check_upload(upload, options_.mappings);
  const auto alone = take_turn(one_at_a_time_);
  return with_disk("importer_away", "The importer cannot be asked now.",
                   [&] { return Run(options_, upload).ask_child(false); });
}

NewPackage ImportDesk::confirm(const Upload& upload, std::string_view digest) {
  check_upload(upload, options_.mappings);
  const auto alone = take_turn(one_at_a_time_);
  return with_disk("package_not_kept", "The new package cannot be written now; nothing was kept.", [&] {
    Run run(options_, upload);
    NewPackage made{.looked = run.ask_child(true), .file = {}, .sha256 = {}};
    if (made.looked.digest != digest)
      throw Refused(412, "import_changed",
                    "What this file would change now is not what was confirmed: look into it again.", "", "digest");
    if (changes_nothing(made.looked.answer))
      throw Refused(409, "nothing_changes", "The package has all of this already.", "", "file");
    const fs::path checked = run.check_written(made.looked.answer);
    made.file = new_package_name(options_.package, digest);
    const fs::path target = options_.new_packages / made.file;
    made.made = put_new_file(checked, target);
    made.sha256 = sha256_of_file(target), made.bytes = fs::file_size(target);
    return made;
  });
}

}  // namespace catchment::imports
