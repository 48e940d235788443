#include "datasets/importer/address_reader.hpp"

#include <ogr_geometry.h>

#include <nlohmann/json.hpp>

#include "datasets/importer/crs_check.hpp"
#include "datasets/importer/mapping.hpp"
#include "datasets/importer/shape_reader.hpp"
#include "datasets/importer/source.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

// The request as the mapping an import of addresses would have.
Mapping mapping_of(const AddressFile& request) {
  const auto field = [](const std::string& name) { return nlohmann::json{{"field", name}}; };
  nlohmann::json columns;
  columns["id"] = request.id_field.empty() ? nlohmann::json{{"row", true}} : field(request.id_field);
  if (!request.text_field.empty()) columns["text"] = field(request.text_field);
  // The columns of an address that a match has no use for carry what is known of the child.
  if (!request.household_field.empty()) columns["street"] = field(request.household_field);
  if (!request.primary_school_field.empty()) columns["estate"] = field(request.primary_school_field);
  if (!request.error_field.empty()) columns["error_m"] = field(request.error_field);
  nlohmann::json target{{"table", "address"}, {"columns", columns}};
  if (!request.layer.empty()) target["layer"] = request.layer;
  if (request.lon_field.empty() != request.lat_field.empty()) {
    throw InputError("usage", "", "a position in two fields needs both of them named");
  }
  if (!request.lon_field.empty())
    target["position"] = {{"x", field(request.lon_field)}, {"y", field(request.lat_field)}};
  nlohmann::json mapping{{"targets", nlohmann::json::array({target})}};
  if (!request.encoding.empty()) mapping["encoding"] = request.encoding;
  return parse_mapping(mapping.dump(), "options");
}

class AddressReader {
 public:
  explicit AddressReader(const AddressFile& request)
      : mapping_(mapping_of(request)),
        target_(mapping_.targets.front()),
        source_(open_source(request.file, mapping_, "options")),
        file_(request.file.string()) {
    if (request.only_texts()) return;
    crs_ = choose_crs_of(request.crs, source_->declared_crs(0), request.file.string());
    reader_.emplace(*crs_);
    if (request.crs != "file" && !request.force_crs && !target_.x) unchecked_ = source_->declared_crs(0);
  }

  void run(const std::function<bool(FileAddress, std::optional<double>)>& take) {
    SourceFeature feature;
    while (source_->next(feature)) {
      if (!take(read(feature), source_->progress())) return;
    }
  }

 private:
  FileAddress read(const SourceFeature& feature) {
    evaluator_.begin(feature.row);
    FileAddress address;
    try {
      if (!feature.problem.empty()) throw RowProblem{"", "row_ragged", feature.problem};
      evaluator_.columns(target_, cells_);
      address.id = std::get<std::string_view>(cells_[column_index(*target_.table, "id")]);
      address.text = std::get<std::string_view>(cells_[column_index(*target_.table, "text")]);
      address.error_m = std::get<double>(cells_[column_index(*target_.table, "error_m")]);
      address.household = std::get<std::string_view>(cells_[column_index(*target_.table, "street")]);
      address.primary_school = std::get<std::string_view>(cells_[column_index(*target_.table, "estate")]);
      if (reader_) address.position = find_position(feature);
    } catch (const RowProblem& problem) {
      if (address.id.empty()) address.id = "row " + std::to_string(feature.row.row);
      address.problem = "Row " + std::to_string(feature.row.row) + " has no usable " +
                        (problem.field.empty() ? "position" : problem.field) + ": " + problem.reason + ".";
    }
    return address;
  }

  std::optional<geo::Point> find_position(const SourceFeature& feature) {
    if (target_.x) {
      if (evaluator_.text(*target_.x).empty() && evaluator_.text(*target_.y).empty()) return std::nullopt;
      return reader_->position(evaluator_.number(*target_.x), evaluator_.number(*target_.y));
    }
    if (feature.geometry == nullptr || feature.geometry->IsEmpty() != 0) return std::nullopt;
    if (unchecked_) {
      OGREnvelope box;
      feature.geometry->getEnvelope(&box);
      check_crs_of_file(*crs_, *unchecked_, box.MinX, box.MinY, file_);
      unchecked_.reset();
    }
    return reader_->point(*feature.geometry);
  }

  Mapping mapping_;
  const Target& target_;
  std::unique_ptr<Source> source_;
  std::optional<geo::Crs> crs_;  // with the reader: empty when only texts are read
  std::optional<ShapeReader> reader_;
  std::string file_;
  std::optional<DeclaredCrs> unchecked_;  // still to be compared with what was declared
  Evaluator evaluator_;
  std::vector<Cell> cells_;
};

}  // namespace

void read_addresses(const AddressFile& request, const std::function<bool(FileAddress, std::optional<double>)>& take) {
  AddressReader(request).run(take);
}

}  // namespace catchment::datasets
