#include "datasets/importer/source.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>

#include "datasets/importer/gdal_setup.hpp"
#include "datasets/importer/recoder.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::array kDrivers{"GPKG",   "GeoJSON",    "GeoJSONSeq", "ESRI Shapefile",
                              "LIBKML", "FlatGeobuf", "OSM",        static_cast<const char*>(nullptr)};
constexpr const char* kOtherTags = "other_tags";  // where the OSM driver keeps what has no column

using DatasetPtr = std::unique_ptr<GDALDataset, void (*)(GDALDataset*)>;

DatasetPtr open_dataset(const std::string& path, const std::vector<const char*>& options) {
  std::vector<const char*> list = options;
  list.push_back(nullptr);
  auto* dataset = static_cast<GDALDataset*>(GDALOpenEx(
      path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, kDrivers.data(), list.data(), nullptr));
  return {dataset, [](GDALDataset* owned) { GDALClose(GDALDataset::ToHandle(owned)); }};
}

// hstore text: "key"=>"value","key"=>"value", with backslash escapes. Calls visit(key, value).
template <class Visit>
void for_each_tag(std::string_view tags, Visit&& visit) {
  std::array<std::string, 2> texts;
  std::size_t which = 0;
  for (std::size_t at = 0; at < tags.size(); ++at) {
    if (tags[at] != '"') continue;
    texts[which].clear();
    for (++at; at < tags.size() && tags[at] != '"'; ++at) {
      if (tags[at] == '\\' && at + 1 < tags.size()) ++at;
      texts[which] += tags[at];
    }
    if (which == 1) visit(texts[0], texts[1]);
    which = 1 - which;
  }
}

struct Binding {
  std::size_t slot = 0;
  int field = 0;
};

struct Layer {
  OGRLayer* layer = nullptr;
  std::int64_t rows = 0;
  std::vector<Binding> bindings;
  int tags_field = -1;                                        // of the OSM driver
  std::map<std::string, std::size_t, std::less<>> tag_slots;  // tag -> slot
  bool declares_crs = false;
  DeclaredCrs crs;
};

struct DeleteFeature {
  void operator()(OGRFeature* feature) const { OGRFeature::DestroyFeature(feature); }
};

std::string date_text(const OGRFeature& feature, int field) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0;
  feature.GetFieldAsDateTime(field, &year, &month, &day, &hour, &minute, &second, &zone);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, month, day);
  return text.data();
}

std::string epsg_code(const OGRSpatialReference& declared) {
  const std::unique_ptr<OGRSpatialReference, void (*)(OGRSpatialReference*)> system(declared.Clone(),
                                                                                    [](auto* s) { s->Release(); });
  const auto code = [](const OGRSpatialReference& s) -> std::string {
    const char* authority = s.GetAuthorityName(nullptr);
    const char* number = s.GetAuthorityCode(nullptr);
    if (authority == nullptr || number == nullptr) return "";
    if (EQUAL(authority, "OGC") && EQUAL(number, "CRS84")) return "EPSG:4326";
    return EQUAL(authority, "EPSG") ? "EPSG:" + std::string(number) : "";
  };
  if (std::string found = code(*system); !found.empty()) return found;
  system->AutoIdentifyEPSG();
  if (std::string found = code(*system); !found.empty()) return found;
  int count = 0;
  int* confidence = nullptr;
  OGRSpatialReferenceH* matches = system->FindMatches(nullptr, &count, &confidence);
  std::string found;
  if (count > 0 && confidence[0] >= 90) found = code(*OGRSpatialReference::FromHandle(matches[0]));
  OSRFreeSRSArray(matches);
  CPLFree(confidence);
  return found;
}

class OgrSource final : public Source {
 public:
  OgrSource(std::string file, std::string path, const Mapping& mapping, const std::string& mapping_file)
      : file_(std::move(file)), path_(std::move(path)) {
    open(mapping.encoding);
    bind_targets(mapping, mapping_file);
  }

  const std::vector<std::string>& layers() const override { return names_; }
  std::size_t layer_of(std::size_t target) const override { return target_layers_.at(target); }

  std::optional<DeclaredCrs> declared_crs(std::size_t layer) const override {
    const Layer& of = layers_.at(layer);
    return of.declares_crs ? std::optional(of.crs) : std::nullopt;
  }

  bool next(SourceFeature& out) override {
    feature_.reset(interleaved() ? next_interleaved() : next_sequential());
    if (!messages_.failure().empty()) {
      std::int64_t rows = 0;
      for (const Layer& layer : layers_) rows += layer.rows;
      throw InputError("source_damaged", file_ + ": after row " + std::to_string(rows), messages_.failure());
    }
    if (!feature_) return false;
    Layer& layer = layers_[current_];
    read_texts(layer);
    out.layer = current_;
    out.row = {texts_, ++layer.rows, feature_->GetFID()};
    out.geometry = feature_->GetGeometryRef();
    out.problem.clear();
    return true;
  }

  std::optional<double> progress() const override {
    return interleaved() && progress_ >= 0 ? std::optional(progress_) : std::nullopt;
  }

 private:
  std::string file_;
  std::string path_;
  GdalMessages messages_;
  DatasetPtr dataset_{nullptr, [](GDALDataset*) {}};
  std::string driver_;
  GeoJsonFacts geojson_;
  std::unique_ptr<Recoder> recoder_;
  std::vector<std::string> names_;
  std::vector<Layer> layers_;
  std::vector<std::size_t> target_layers_;
  std::size_t current_ = 0;
  double progress_ = -1;
  std::unique_ptr<OGRFeature, DeleteFeature> feature_;
  std::vector<std::string_view> texts_;
  std::vector<std::string> storage_;

  bool interleaved() const { return driver_ == "OSM"; }

  void open(const std::string& encoding) {
    confine_gdal();
    geojson_ = check_geojson(path_, file_).value_or(GeoJsonFacts{});
    dataset_ = open_dataset(path_, {});
    if (!dataset_) throw_open_error();
    driver_ = dataset_->GetDriverName();
    std::string text_encoding = encoding;
    if (driver_ == "ESRI Shapefile") {
      if (text_encoding.empty()) text_encoding = declared_encoding();
      reopen({"ENCODING="});  // bytes as they are; recoding is ours, and says so when it fails
    } else if (!encoding.empty() && Recoder(encoding).needed()) {
      throw InputError("mapping_encoding", file_, driver_ + " files are UTF-8; leave the encoding out of the mapping");
    }
    recoder_ = std::make_unique<Recoder>(text_encoding);
    if (driver_ == "GeoJSONSeq") geojson_.has_crs = false;
    messages_.clear();
  }

  void reopen(const std::vector<const char*>& options) {
    dataset_.reset();
    dataset_ = open_dataset(path_, options);
    if (!dataset_) throw_open_error();
  }

  [[noreturn]] void throw_open_error() const {
    const std::string& why = messages_.failure();
    throw InputError("source_format", file_,
                     why.empty() ? "not a GeoPackage, GeoJSON, Shapefile, KML, FlatGeobuf or OSM file" : why);
  }

  // From the .cpg or a language byte that names an encoding. 0x57 ("ANSI") and none at all name none: then texts must
  // be UTF-8, or the mapping says what they are.
  std::string declared_encoding() const {
    OGRLayer* layer = dataset_->GetLayer(0);
    if (layer == nullptr) return "";
    const char* cpg = layer->GetMetadataItem("ENCODING_FROM_CPG", "SHAPEFILE");
    if (cpg != nullptr && *cpg != 0) return cpg;
    const char* language = layer->GetMetadataItem("ENCODING_FROM_LDID", "SHAPEFILE");
    return language != nullptr && !EQUAL(language, "ISO-8859-1") ? language : "";
  }

  std::string available_layers() const {
    std::string text;
    for (int i = 0; i < dataset_->GetLayerCount(); ++i) {
      text.append(text.empty() ? "" : ", ").append(dataset_->GetLayer(i)->GetName());
    }
    return text;
  }

  OGRLayer* get_layer(const Target& target, const std::string& mapping_file) const {
    if (!target.layer.empty()) {
      OGRLayer* layer = dataset_->GetLayerByName(target.layer.c_str());
      if (layer != nullptr) return layer;
    } else if (dataset_->GetLayerCount() == 1) {
      return dataset_->GetLayer(0);
    }
    throw InputError("mapping_layer", mapping_file + "#" + target.pointer,
                     (target.layer.empty() ? "must name a layer; " : "no such layer; ") +
                         std::string("the source has ") + available_layers());
  }

  void bind_targets(const Mapping& mapping, const std::string& mapping_file) {
    for (const Target& target : mapping.targets) {
      OGRLayer* wanted = get_layer(target, mapping_file);
      const auto found = std::ranges::find(layers_, wanted, &Layer::layer);
      target_layers_.push_back(static_cast<std::size_t>(found - layers_.begin()));
      if (found != layers_.end()) continue;
      Layer layer;
      layer.layer = wanted;
      describe_crs(layer);
      layers_.push_back(std::move(layer));
      names_.emplace_back(wanted->GetName());
    }
    for (Layer& layer : layers_) bind_fields(layer, mapping);
    require_fields(mapping, mapping_file);
    texts_.resize(mapping.fields.size());
    storage_.resize(mapping.fields.size());
  }

  void bind_fields(Layer& layer, const Mapping& mapping) const {
    const OGRFeatureDefn& definition = *layer.layer->GetLayerDefn();
    layer.tags_field = interleaved() ? definition.GetFieldIndex(kOtherTags) : -1;
    std::map<std::string, int, std::less<>> fields;
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
      std::string name_storage;
      fields.emplace(std::string(recoder_->to_utf8(definition.GetFieldDefn(i)->GetNameRef(), name_storage)), i);
    }
    for (std::size_t slot = 0; slot < mapping.fields.size(); ++slot) {
      const auto found = fields.find(mapping.fields[slot]);
      if (found != fields.end()) {
        layer.bindings.push_back({slot, found->second});
      } else if (layer.tags_field >= 0) {
        layer.tag_slots[mapping.fields[slot]] = slot;
      }
    }
  }

  // A field no needed layer has is a slip in the mapping; OSM's tags come and go.
  void require_fields(const Mapping& mapping, const std::string& mapping_file) const {
    if (interleaved()) return;
    for (std::size_t slot = 0; slot < mapping.fields.size(); ++slot) {
      const bool bound = std::ranges::any_of(layers_, [&](const Layer& layer) {
        return std::ranges::find(layer.bindings, slot, &Binding::slot) != layer.bindings.end();
      });
      if (bound) continue;
      std::string has;
      const OGRFeatureDefn& definition = *layers_.front().layer->GetLayerDefn();
      for (int i = 0; i < std::min(definition.GetFieldCount(), 40); ++i) {
        has.append(has.empty() ? "" : ", ").append(definition.GetFieldDefn(i)->GetNameRef());
      }
      throw InputError("mapping_field", mapping_file + "#" + mapping.field_pointer.at(mapping.fields[slot]),
                       "the source has no field " + mapping.fields[slot] + "; it has " + has);
    }
  }

  void describe_crs(Layer& layer) const {
    const OGRSpatialReference* system = layer.layer->GetSpatialRef();
    layer.declares_crs = system != nullptr;
    if (driver_.starts_with("GeoJSON")) layer.declares_crs = system != nullptr && geojson_.has_crs;
    if (!layer.declares_crs) return;
    const char* name = system->GetName();
    layer.crs = {epsg_code(*system), name == nullptr ? "unnamed" : name, system};
    if (!layer.crs.code.empty()) layer.crs.name += " (" + layer.crs.code + ")";
  }

  OGRFeature* next_interleaved() {
    OGRLayer* of = nullptr;
    while (OGRFeature* found = dataset_->GetNextFeature(&of, &progress_, nullptr, nullptr)) {
      const auto layer = std::ranges::find(layers_, of, &Layer::layer);
      if (layer != layers_.end()) {
        current_ = static_cast<std::size_t>(layer - layers_.begin());
        return found;
      }
      OGRFeature::DestroyFeature(found);
    }
    return nullptr;
  }

  OGRFeature* next_sequential() {
    for (; current_ < layers_.size(); ++current_) {
      if (OGRFeature* found = layers_[current_].layer->GetNextFeature()) return found;
    }
    return nullptr;
  }

  void read_texts(const Layer& layer) {
    std::ranges::fill(texts_, std::string_view());
    for (const Binding& binding : layer.bindings) {
      if (feature_->IsFieldSetAndNotNull(binding.field) == 0) continue;
      std::string& kept = storage_[binding.slot];
      const OGRFieldType type = feature_->GetFieldDefnRef(binding.field)->GetType();
      if (type == OFTString) {
        texts_[binding.slot] = recoder_->to_utf8(feature_->GetRawFieldRef(binding.field)->String, kept);
        continue;
      }
      kept = type == OFTDate || type == OFTDateTime ? date_text(*feature_, binding.field)
                                                    : feature_->GetFieldAsString(binding.field);
      texts_[binding.slot] = kept;
    }
    if (layer.tags_field < 0 || layer.tag_slots.empty()) return;
    for_each_tag(feature_->GetFieldAsString(layer.tags_field), [&](const std::string& key, const std::string& value) {
      const auto found = layer.tag_slots.find(key);
      if (found == layer.tag_slots.end()) return;
      storage_[found->second] = value;
      texts_[found->second] = storage_[found->second];
    });
  }
};

}  // namespace

std::unique_ptr<Source> open_ogr_source(const std::string& file, const std::string& path, const Mapping& mapping,
                                        const std::string& mapping_file) {
  return std::make_unique<OgrSource>(file, path, mapping, mapping_file);
}

}  // namespace catchment::datasets
