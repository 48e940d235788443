#include "server/imports/import_desk.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "geo/input_error.hpp"
#include "server/confine/child.hpp"
#include "server/desk/refused.hpp"

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

bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           more.find(c) != std::string_view::npos;
  });
}

// A text of somebody's own, which must not look like an option or end the line.
bool is_value(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && text.front() != '-' &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_upload(const Upload& upload) {
  const auto need = [](bool holds, const char* code, const char* where, const char* message) {
    if (!holds) throw InputError(code, where, message);
  };
  need(is_plain(upload.mapping, "-"), "mapping_name", "mapping", "must be a name of letters, digits, - and _");
  need(is_value(upload.source), "import_source", "source", "must be a short name");
  need(upload.crs.empty() || is_plain(upload.crs, ":@"), "import_crs", "crs", "must be EPSG:n, GCJ02, BD09 or file");
  need(upload.variables.size() <= kMostVariables, "import_variable", "set", "too many variables");
  for (const auto& [name, value] : upload.variables)
    need(is_plain(name, "-") && is_value(value), "import_variable", "set", "must be NAME=VALUE, both short");
}

// A folder that only the child and we see, removed with all that is in it.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "catchment-import-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

  void copy(const fs::path& from, const char* name) const {
    fs::copy_file(from, path_ / name), hand_over(path_ / name);
  }
  void write(std::string_view bytes, const char* name) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw std::system_error(ENOSPC, std::generic_category(), name);
    hand_over(path_ / name);
  }
  void hand_over(const fs::path& file) const {
    if (::geteuid() == 0 && ::chown(file.c_str(), confine::kChildUser, confine::kChildUser) != 0)
      throw std::system_error(errno, std::generic_category(), file.string());
  }

 private:
  fs::path path_;
};

std::vector<std::string> arguments_of(const Upload& upload) {
  std::vector<std::string> words{"import",
                                 "city.gpkg",
                                 name_of(upload.format),
                                 "--mapping",
                                 "mapping.json",
                                 "--source",
                                 upload.source,
                                 "--dry-run",
                                 "--confined",
                                 "--json",
                                 "-",
                                 "--list",
                                 std::to_string(kFindingsListed)};
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

}  // namespace

ImportDesk::ImportDesk(ImportOptions options) : options_(std::move(options)) {}

ImportAnswer ImportDesk::look_into(const Upload& upload) {
  check_upload(upload);
  const fs::path mapping = options_.mappings / (upload.mapping + ".json");
  if (!fs::is_regular_file(mapping)) throw InputError("mapping_unknown", "mapping", "there is no such mapping here");
  const std::unique_lock alone(one_at_a_time_, std::try_to_lock);
  if (!alone)
    throw Refused(503, "importer_busy", "Another file is being looked into; try again in a moment.", "", "file");
  const Scratch scratch;
  scratch.copy(options_.package, "city.gpkg");
  scratch.copy(mapping, "mapping.json");
  scratch.write(upload.bytes, name_of(upload.format));
  scratch.hand_over(scratch.path());
  return answer_of(
      confine::run_child(
          {.program = options_.importer, .arguments = arguments_of(upload), .folder = scratch.path(), .limits = {}}),
      scratch.path());
}

}  // namespace catchment::imports
