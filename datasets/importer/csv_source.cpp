#include <cpl_vsi.h>

#include <algorithm>
#include <memory>

#include "datasets/importer/csv_reader.hpp"
#include "datasets/importer/gdal_setup.hpp"
#include "datasets/importer/recoder.hpp"
#include "datasets/importer/source.hpp"
#include "datasets/text.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using FilePtr = std::unique_ptr<VSILFILE, int (*)(VSILFILE*)>;

std::string stem(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  return name.substr(0, name.find('.', 1));
}

FilePtr open_file(const std::string& file, const std::string& path) {
  FilePtr opened(VSIFOpenL(path.c_str(), "rb"), VSIFCloseL);
  if (!opened) throw InputError("source_open", file, "cannot be read");
  return opened;
}

// A CSV file, through GDAL's file layer for the sake of .gz and .zip. Its first record names the fields.
class CsvSource final : public Source {
 public:
  CsvSource(const std::string& file, const std::string& path, const Mapping& mapping, const std::string& mapping_file)
      : file_(open_file(file, path)),
        recoder_(mapping.encoding),
        reader_([this](char* buffer, std::size_t size) { return VSIFReadL(buffer, 1, size, file_.get()); }, file),
        layers_{stem(file)} {
    VSIStatBufL status;
    const bool packed = path.starts_with("/vsi");
    if (!packed && VSIStatL(path.c_str(), &status) == 0) size_ = static_cast<double>(status.st_size);
    for (const Target& target : mapping.targets) {
      if (target.layer.empty() || target.layer == layers_[0]) continue;
      throw InputError("mapping_layer", mapping_file + "#" + target.pointer,
                       "no such layer; the source has " + layers_[0]);
    }
    if (!reader_.next(record_)) throw InputError("source_empty", file, "has no header");
    width_ = record_.size();
    bind(mapping, mapping_file);
    texts_.resize(mapping.fields.size());
    storage_.resize(mapping.fields.size());
  }

  const std::vector<std::string>& layers() const override { return layers_; }
  std::size_t layer_of(std::size_t) const override { return 0; }
  std::optional<DeclaredCrs> declared_crs(std::size_t) const override { return std::nullopt; }

  bool next(SourceFeature& out) override {
    if (!reader_.next(record_)) return false;
    ++rows_;
    out.layer = 0;
    out.geometry = nullptr;
    out.problem.clear();
    // One field too many or too few has usually shifted the others.
    if (record_.size() != width_) {
      out.problem = "has " + std::to_string(record_.size()) + " fields, the header has " + std::to_string(width_);
    }
    for (const auto& [slot, column] : bindings_) {
      texts_[slot] = column < record_.size() ? recoder_.to_utf8(record_[column], storage_[slot]) : std::string_view();
    }
    out.row = {texts_, rows_, rows_};
    return true;
  }

  std::optional<double> progress() const override {
    return size_ > 0 ? std::optional(static_cast<double>(reader_.bytes_read()) / size_) : std::nullopt;
  }

 private:
  void bind(const Mapping& mapping, const std::string& mapping_file) {
    std::vector<std::string> header;
    for (const std::string_view name : record_) {
      std::string storage;
      header.emplace_back(trimmed(recoder_.to_utf8(name, storage)));
    }
    for (std::size_t slot = 0; slot < mapping.fields.size(); ++slot) {
      const std::string& name = mapping.fields[slot];
      const std::string where = mapping_file + "#" + mapping.field_pointer.at(name);
      const auto found = std::ranges::find(header, name);
      if (found == header.end()) {
        std::string has;
        for (const std::string& field : header) has.append(has.empty() ? "" : ", ").append(field);
        throw InputError("mapping_field", where, "the source has no field " + name + "; it has " + has.substr(0, 1000));
      }
      if (std::ranges::count(header, name) > 1) {
        throw InputError("mapping_field", where, "the source has several fields " + name);
      }
      bindings_.emplace_back(slot, static_cast<std::size_t>(found - header.begin()));
    }
  }

  FilePtr file_;
  Recoder recoder_;
  CsvReader reader_;
  std::vector<std::string> layers_;
  double size_ = 0;
  std::size_t width_ = 0;
  std::int64_t rows_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> bindings_;  // slot, column
  std::vector<std::string_view> record_;
  std::vector<std::string_view> texts_;
  std::vector<std::string> storage_;
};

bool is_csv(const std::string& path) {
  std::string name = path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".txt");
}

}  // namespace

std::unique_ptr<Source> open_csv_source(const std::string& file, const std::string& path, const Mapping& mapping,
                                        const std::string& mapping_file) {
  return std::make_unique<CsvSource>(file, path, mapping, mapping_file);
}

std::unique_ptr<Source> open_source(const std::filesystem::path& file, const Mapping& mapping,
                                    const std::string& mapping_file) {
  confine_gdal();
  const std::string path = gdal_path(file);
  return is_csv(path) ? open_csv_source(file.string(), path, mapping, mapping_file)
                      : open_ogr_source(file.string(), path, mapping, mapping_file);
}

}  // namespace catchment::datasets
