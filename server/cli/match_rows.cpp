#include "server/cli/match_rows.hpp"

#include <nlohmann/json.hpp>

#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using engine::MatchedZone;
using engine::ZoneLayer;

constexpr std::size_t kChunk = 1 << 15;
constexpr const char* kCsvHeading =
    "id,text,lon,lat,layer,status,zones,zone_names,schools,school_names,margin_m,across,reason\n";

// One answer, as texts ready to print.
struct Line {
  const AddressRow* row = nullptr;
  std::string layer;
  std::string status;
  std::string zones;
  std::string zone_names;
  std::string schools;
  std::string school_names;
  std::optional<double> margin_m;
  std::string across;
  std::string reason;
};

void append_csv_line(std::string& out, const Line& line) {
  append_csv(out, line.row->id);
  out += ',';
  append_csv(out, line.row->text);
  for (int axis = 0; axis < 2; ++axis) {
    out += ',';
    if (!line.row->position) continue;
    const geo::Degrees d = geo::to_degrees(*line.row->position);
    out += fixed(axis == 0 ? d.lon : d.lat, 7);
  }
  for (const std::string* text :
       {&line.layer, &line.status, &line.zones, &line.zone_names, &line.schools, &line.school_names}) {
    out += ',';
    append_csv(out, *text);
  }
  out += ',';
  if (line.margin_m) out += fixed(*line.margin_m, 2);
  for (const std::string* text : {&line.across, &line.reason}) {
    out += ',';
    append_csv(out, *text);
  }
  out += '\n';
}

void append_geojson_line(std::string& out, const Line& line) {
  nlohmann::ordered_json feature{{"type", "Feature"}, {"geometry", nullptr}};
  if (line.row->position) {
    const geo::Degrees d = geo::to_degrees(*line.row->position);
    feature["geometry"] = {{"type", "Point"}, {"coordinates", {d.lon, d.lat}}};
  }
  auto& p = feature["properties"];
  p = {{"id", line.row->id},      {"text", line.row->text},
       {"layer", line.layer},     {"status", line.status},
       {"zones", line.zones},     {"zone_names", line.zone_names},
       {"schools", line.schools}, {"school_names", line.school_names}};
  p["margin_m"] = line.margin_m ? nlohmann::ordered_json(*line.margin_m) : nlohmann::ordered_json(nullptr);
  p["across"] = line.across;
  p["reason"] = line.reason;
  out += feature.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

struct MatchWriter::Impl {
  Impl(std::span<const ZoneLayer> layers_, const std::map<std::string, std::string>& names,
       const MatchOptions& options_, const std::filesystem::path& path)
      : layers(layers_), school_names(names), options(options_), output(path), counts(layers_.size()) {
    for (const ZoneLayer& layer : layers) layer_names.push_back(engine::to_text(layer.key()));
  }

  struct Slice {
    std::string text;
    std::vector<LayerCounts> counts;
  };

  // The heading waits for the first rows, so that a source that cannot be read leaves standard output untouched.
  void flush() {
    if (rows == 0) {
      output.write(options.format == MatchFormat::csv ? kCsvHeading
                                                      : "{\"type\":\"FeatureCollection\",\"features\":[\n");
    }
    std::vector<Slice> done(static_cast<std::size_t>(options.threads));
    in_slices(chunk.size(), done.size(),
              [&](std::size_t slice, std::size_t first, std::size_t end) { match_slice(first, end, done[slice]); });
    for (const Slice& slice : done) {
      output.write(slice.text);
      for (std::size_t i = 0; i < counts.size(); ++i) {
        for (std::size_t s = 0; s < 4; ++s) counts[i].by_status[s] += slice.counts[i].by_status[s];
        counts[i].no_position += slice.counts[i].no_position;
      }
    }
    rows += static_cast<std::int64_t>(chunk.size());
    chunk.clear();
  }

  void match_slice(std::size_t first, std::size_t end, Slice& slice) const {
    slice.counts.resize(layers.size());
    for (std::size_t i = first; i < end; ++i) {
      for (std::size_t k = 0; k < layers.size(); ++k) {
        const Line line = match_line(chunk[i], k, slice.counts[k]);
        if (options.format == MatchFormat::csv) {
          append_csv_line(slice.text, line);
        } else {
          // The first feature of the file stands alone; every other is preceded by a comma.
          if (rows > 0 || i > 0 || k > 0) slice.text += ",\n";
          append_geojson_line(slice.text, line);
        }
      }
    }
  }

  Line match_line(const AddressRow& row, std::size_t k, LayerCounts& count) const {
    Line line;
    line.row = &row;
    line.layer = layer_names[k];
    if (!row.position) {
      ++count.no_position;
      line.status = "no_position";
      line.reason = row.problem.empty() ? "The row has no coordinates." : row.problem;
      return line;
    }
    const engine::Match match = layers[k].match(*row.position, row.error_m > 0 ? row.error_m : options.error_m);
    ++count.by_status[static_cast<std::size_t>(match.status)];
    line.status = geo::to_word(match.status);
    line.reason = match.reason;
    for (const MatchedZone& m : match.zones) add_zone(layers[k].zones()[m.zone], line);
    const auto& measured = match.zones.empty() ? match.nearest : match.zones;
    if (measured.empty()) return line;
    line.margin_m = measured.front().margin_m;
    for (const geo::ZoneNumber z : measured.front().across) append_item(line.across, layers[k].zones()[z].id);
    return line;
  }

  void add_zone(const engine::ZoneInfo& zone, Line& line) const {
    append_item(line.zones, zone.id);
    append_item(line.zone_names, zone.name);
    for (const std::string& id : zone.school_ids) {
      append_item(line.schools, id);
      const auto name = school_names.find(id);
      append_item(line.school_names, name == school_names.end() ? id : name->second);
    }
  }

  std::span<const ZoneLayer> layers;
  const std::map<std::string, std::string>& school_names;
  MatchOptions options;
  RowOutput output;
  std::vector<std::string> layer_names;
  std::vector<AddressRow> chunk;
  std::vector<LayerCounts> counts;
  std::int64_t rows = 0;
};

MatchWriter::MatchWriter(std::span<const ZoneLayer> layers, const std::map<std::string, std::string>& school_names,
                         const MatchOptions& options, const std::filesystem::path& path)
    : impl_(std::make_unique<Impl>(layers, school_names, options, path)) {}
MatchWriter::~MatchWriter() = default;

void MatchWriter::add(AddressRow row) {
  impl_->chunk.push_back(std::move(row));
  if (impl_->chunk.size() == kChunk) impl_->flush();
}

void MatchWriter::finish() {
  if (!impl_->chunk.empty() || impl_->rows == 0) impl_->flush();
  if (impl_->options.format == MatchFormat::geojson) impl_->output.write("\n]}\n");
  impl_->output.finish();
}

std::int64_t MatchWriter::rows() const { return impl_->rows; }
std::span<const LayerCounts> MatchWriter::counts() const { return impl_->counts; }

}  // namespace catchment::cli
