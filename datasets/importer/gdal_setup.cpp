#include "datasets/importer/gdal_setup.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <mutex>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxArchiveEntries = 256;
constexpr std::uintmax_t kMaxArchiveBytes = std::uintmax_t{8} << 30;
constexpr std::uintmax_t kMaxArchiveRatio = 200;

constexpr std::array kDataSuffixes{".shp",  ".geojson", ".json", ".geojsonl", ".geojsons", ".csv", ".tsv",
                                   ".gpkg", ".kml",     ".kmz",  ".fgb",      ".pbf",      ".osm"};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

[[noreturn]] void refuse_archive(const fs::path& file, const std::string& message) {
  throw InputError("source_archive", file.string(), message);
}

bool is_data(const std::string& entry) {
  const std::string name = lower(entry);
  return name.find("__macosx") == std::string::npos &&
         std::ranges::any_of(kDataSuffixes, [&](const char* suffix) { return name.ends_with(suffix); });
}

template <class Visit>
void for_each_block(const std::string& gdal_path, Visit&& visit) {
  const std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> file(VSIFOpenL(gdal_path.c_str(), "rb"), VSIFCloseL);
  if (!file) return;
  std::vector<char> block(1 << 20);
  while (const std::size_t count = VSIFReadL(block.data(), 1, block.size(), file.get())) visit(block.data(), count);
}

// GDAL takes a gzip file cut short for a short one; its last four bytes say how long the content is.
std::string gzip_path(const fs::path& file) {
  const std::string path = "/vsigzip/" + file.string();
  const GdalMessages messages;
  std::array<unsigned char, 4> tail{};
  std::ifstream in(file, std::ios::binary);
  in.seekg(-4, std::ios::end);
  in.read(reinterpret_cast<char*>(tail.data()), tail.size());
  std::uint32_t stated = 0;
  for (std::size_t i = 0; i < tail.size(); ++i) stated |= static_cast<std::uint32_t>(tail[i]) << (8 * i);
  std::uintmax_t size = 0;
  const std::uintmax_t limit = std::min(kMaxArchiveBytes, fs::file_size(file) * kMaxArchiveRatio);
  for_each_block(path, [&](const char*, std::size_t count) {
    size += count;
    if (size > limit) refuse_archive(file, "unpacks to too much");
  });
  if (!in || static_cast<std::uint32_t>(size) != stated) {
    refuse_archive(file, "damaged, cut short, or of several parts: unpack it");
  }
  return path;
}

std::string zip_root(const fs::path& file) { return "/vsizip/{" + file.string() + "}"; }

// Nothing is unpacked to disk; the limits are against bombs that would keep the reader busy.
std::vector<std::string> zip_entries(const fs::path& file) {
  const std::string root = zip_root(file);
  char** listed = VSIReadDirRecursive(root.c_str());
  const std::unique_ptr<char*, void (*)(char**)> owned(listed, CSLDestroy);
  std::vector<std::string> entries;
  std::uintmax_t total = 0;
  const int count = CSLCount(listed);
  if (count == 0) refuse_archive(file, "an empty or damaged archive");
  if (static_cast<std::size_t>(count) > kMaxArchiveEntries) refuse_archive(file, "more than 256 files in it");
  for (int i = 0; i < count; ++i) {
    const std::string entry = listed[i];
    if (entry.starts_with("/") || entry.find("..") != std::string::npos)
      refuse_archive(file, "a path that climbs out of it");
    VSIStatBufL status;
    if (VSIStatL((root + "/" + entry).c_str(), &status) == 0) total += static_cast<std::uintmax_t>(status.st_size);
    entries.push_back(entry);
  }
  if (total > kMaxArchiveBytes || total / std::max<std::uintmax_t>(fs::file_size(file), 1) > kMaxArchiveRatio) {
    refuse_archive(file, "unpacks to too much");
  }
  return entries;
}

std::string zip_entry(const fs::path& file) {
  std::vector<std::string> data;
  for (const std::string& entry : zip_entries(file)) {
    if (is_data(entry)) data.push_back(entry);
  }
  if (data.size() != 1) {
    refuse_archive(file,
                   data.empty() ? "no file in it that can be imported" : "several files in it: unpack it and name one");
  }
  return zip_root(file) + "/" + data.front();
}

void CPL_STDCALL collect(CPLErr level, CPLErrorNum, const char* message) {
  auto* failure = static_cast<std::string*>(CPLGetErrorHandlerUserData());
  if (level >= CE_Failure && failure->empty()) *failure = message;
}

}  // namespace

void confine_gdal() {
  static std::once_flag once;
  std::call_once(once, [] {
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
    CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME", "none");
    CPLSetConfigOption("CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO");
    CPLSetConfigOption("GDAL_HTTP_MAX_RETRY", "0");
    CPLSetConfigOption("OGR_SQLITE_LOAD_EXTENSIONS", nullptr);
    CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetConfigOption("SHAPE_RESTORE_SHX", "NO");
    CPLSetConfigOption("OGR_GEOJSON_MAX_OBJ_SIZE", "200");
    // Not GDALAllRegister: a driver that is not there cannot be talked into opening anything.
    RegisterOGRGeoPackage();
    RegisterOGRGeoJSON();
    RegisterOGRGeoJSONSeq();
    RegisterOGRShape();
    RegisterOGRLIBKML();  // the other KML driver drops attributes
    RegisterOGRFlatGeobuf();
    RegisterOGROSM();
    RegisterOGRXLSX();  // notices
  });
}

GdalMessages::GdalMessages() { CPLPushErrorHandlerEx(collect, &failure_); }
GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

std::string gdal_path(const fs::path& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error || !fs::is_regular_file(real)) throw InputError("source_open", file.string(), "no such file");
  if (real.string().starts_with("/vsi")) throw InputError("source_open", file.string(), "not a plain file name");
  if (fs::file_size(real) == 0) throw InputError("source_empty", file.string(), "the file is empty");
  const std::string name = lower(real.filename().string());
  if (name.ends_with(".gz")) return gzip_path(real);
  if (name.ends_with(".zip")) return zip_entry(real);
  return real.string();
}

std::vector<std::string> zip_paths(const fs::path& file) {
  std::vector<std::string> paths = zip_entries(file);
  for (std::string& path : paths) path.insert(0, zip_root(file) + "/");
  return paths;
}

bool contains_any(const std::string& gdal_path, const std::vector<std::string>& words) {
  std::size_t longest = 0;
  for (const std::string& word : words) longest = std::max(longest, word.size());
  std::string window;  // the end of what went by, and the block at hand
  bool found = false;
  for_each_block(gdal_path, [&](const char* bytes, std::size_t count) {
    window.erase(0, window.size() - std::min(window.size(), longest));
    for (std::size_t i = 0; i < count; ++i) {
      const bool space = bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t';
      if (!space || window.empty() || window.back() != '>') window += bytes[i];
    }
    found =
        found || std::ranges::any_of(words, [&](const auto& word) { return window.find(word) != std::string::npos; });
  });
  return found;
}

std::optional<GeoJsonFacts> check_geojson(const std::string& gdal_path, const std::string& name) {
  std::optional<GeoJsonCheck> check;
  bool other = false;
  for_each_block(gdal_path, [&](const char* bytes, std::size_t count) {
    const std::string_view block(bytes, count);
    if (!check && !other) {
      const std::size_t first = block.find_first_not_of("\xEF\xBB\xBF\x1E \t\r\n");
      other = first != std::string_view::npos && block[first] != '{' && block[first] != '[';
      if (!other) check.emplace(name);
    }
    if (check) check->read(block);
  });
  return check ? std::optional(check->end()) : std::nullopt;
}

}  // namespace catchment::datasets
