#include "server/cli/match_texts.hpp"

#include <algorithm>

#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using answers::ordered_json;
using datasets::LayerFinder;
using engine::ChildQuery;
using engine::FinderAnswer;
using engine::Fired;
using engine::SchoolAnswer;

constexpr std::size_t kTextChunk = 1 << 14;
constexpr const char* kTextColumns[] = {"id",     "text",   "found",   "matched",      "lon",        "lat",
                                        "layer",  "status", "schools", "school_names", "mode",       "level",
                                        "clause", "notice", "place",   "phone",        "depends_on", "reason"};
constexpr std::size_t kLon = 4, kLat = 5;

using Cells = std::array<std::string, std::size(kTextColumns)>;

ChildQuery query_of(const TextRow& row) {
  ChildQuery query;
  query.address = row.text;
  query.household = row.household;
  query.primary_school_id = row.primary_school_id;
  return query;
}

void append_new(std::string& list, const std::string& item) {
  if (item.empty()) return;
  const std::string wrapped = ";" + list + ";";
  if (wrapped.find(";" + item + ";") == std::string::npos) append_item(list, item);
}

std::string condition_text(const engine::zone_text::Household& condition) {
  std::string text(engine::household_word(condition.kind));
  const std::string value = condition.excluded ? "no" : condition.who.empty() ? "yes" : condition.who;
  return text + "=" + value;
}

Cells cells_of(const TextRow& row, const std::string& layer, const FinderAnswer& answer,
               const answers::Labels& labels) {
  Cells c;
  auto& [id, text, found, matched, lon, lat, layer_cell, status, schools, names, mode, level, clause, notice, place,
         phone, depends_on, reason] = c;
  id = row.id;
  text = row.text;
  layer_cell = layer;
  status = engine::to_word(answer.status);
  found = geo::to_word(answer.address.status);
  if (!answer.address.candidates.empty()) matched = answer.address.candidates.front().text;
  if (answer.place) {
    const geo::Degrees at = geo::to_degrees(*answer.place);
    lon = fixed(at.lon, 7);
    lat = fixed(at.lat, 7);
  }
  for (const SchoolAnswer& school : answer.schools) {
    append_item(schools, school.school_id);
    append_item(names, labels.school(school.school_id));
    append_item(mode, std::string(engine::zone_text::to_word(school.mode)) + (school.mode_unsure ? "?" : ""));
    std::string conditions;
    for (const auto& condition : school.depends_on)
      conditions += (conditions.empty() ? "" : ",") + condition_text(condition);
    if (!conditions.empty()) append_item(depends_on, school.school_id + ":" + conditions);
    for (const Fired& fired : school.fired) {
      append_new(level, std::string(engine::zone_text::to_word(fired.level)));
      append_new(clause, fired.quote);
      const auto of = labels.notices.find(fired.notice_id);
      append_new(notice, of == labels.notices.end() ? fired.notice_id : of->second.title);
      append_new(place, fired.place);
    }
  }
  phone = answer.phone;
  reason = answer.reason;
  return c;
}

void append_csv_row(std::string& out, const Cells& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    append_csv(out, cells[i]);
  }
  out += '\n';
}

void append_feature(std::string& out, const Cells& cells, const FinderAnswer& answer) {
  ordered_json feature{{"type", "Feature"}, {"geometry", nullptr}, {"properties", ordered_json::object()}};
  if (answer.place) {
    const geo::Degrees at = geo::to_degrees(*answer.place);
    feature["geometry"] = {{"type", "Point"}, {"coordinates", {at.lon, at.lat}}};
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != kLon && i != kLat) feature["properties"][kTextColumns[i]] = cells[i];
  }
  out += answers::dump(feature);
}

// A row that could not be read, in every layer.
FinderAnswer unusable(const TextRow& row) {
  FinderAnswer answer;
  answer.status = engine::FinderStatus::undetermined;
  answer.reason = row.problem;
  return answer;
}

}  // namespace

struct TextMatchWriter::Impl {
  Impl(const geo::Gazetteer& names_, std::span<const LayerFinder> layers_, const answers::Labels& labels_,
       const TextMatchOptions& options_, const std::filesystem::path& path)
      : names(names_), layers(layers_), labels(labels_), options(options_), output(path), counts(layers_.size()) {
    for (const LayerFinder& layer : layers) layer_names.push_back(engine::to_text(layer.key));
  }

  struct Slice {
    std::string text;
    std::vector<StatusCounts> counts;
  };

  void begin() {
    if (options.format == TextFormat::csv) {
      std::string heading;
      for (const char* column : kTextColumns) heading += (heading.empty() ? "" : ",") + std::string(column);
      output.write(heading + "\n");
    } else {
      output.write(options.format == TextFormat::json ? "[\n" : "{\"type\":\"FeatureCollection\",\"features\":[\n");
    }
  }

  // The heading waits for the first rows, so that a source that cannot be read leaves standard output untouched.
  void flush() {
    if (rows == 0) begin();
    std::vector<Slice> done(static_cast<std::size_t>(options.threads));
    in_slices(chunk.size(), done.size(),
              [&](std::size_t slice, std::size_t first, std::size_t end) { match_slice(first, end, done[slice]); });
    for (const Slice& slice : done) {
      output.write(slice.text);
      for (std::size_t i = 0; i < counts.size(); ++i) {
        for (std::size_t s = 0; s < counts[i].size(); ++s) counts[i][s] += slice.counts[i][s];
      }
    }
    rows += static_cast<std::int64_t>(chunk.size());
    chunk.clear();
  }

  void match_slice(std::size_t first, std::size_t end, Slice& slice) const {
    slice.counts.resize(layers.size());
    for (std::size_t i = first; i < end; ++i) {
      const TextRow& row = chunk[i];
      if (options.format == TextFormat::json) {
        if (rows > 0 || i > 0) slice.text += ",\n";
        slice.text += answers::dump(explain_text(row, names, layers, labels));
      }
      const geo::Found found = names.find(row.text, {.limit = engine::SchoolFinder::kCandidates});
      for (std::size_t k = 0; k < layers.size(); ++k) {
        const FinderAnswer answer = row.problem.empty() ? layers[k].finder.find(found, query_of(row)) : unusable(row);
        ++slice.counts[k][static_cast<std::size_t>(answer.status)];
        if (options.format == TextFormat::json) continue;
        const Cells cells = cells_of(row, layer_names[k], answer, labels);
        if (options.format == TextFormat::csv) {
          append_csv_row(slice.text, cells);
        } else {
          if (rows > 0 || i > 0 || k > 0) slice.text += ",\n";
          append_feature(slice.text, cells, answer);
        }
      }
    }
  }

  const geo::Gazetteer& names;
  std::span<const LayerFinder> layers;
  const answers::Labels& labels;
  TextMatchOptions options;
  RowOutput output;
  std::vector<std::string> layer_names;
  std::vector<TextRow> chunk;
  std::vector<StatusCounts> counts;
  std::int64_t rows = 0;
};

TextMatchWriter::TextMatchWriter(const geo::Gazetteer& names, std::span<const LayerFinder> layers,
                                 const answers::Labels& labels, const TextMatchOptions& options,
                                 const std::filesystem::path& path)
    : impl_(std::make_unique<Impl>(names, layers, labels, options, path)) {}
TextMatchWriter::~TextMatchWriter() = default;

void TextMatchWriter::add(TextRow row) {
  impl_->chunk.push_back(std::move(row));
  if (impl_->chunk.size() == kTextChunk) impl_->flush();
}

void TextMatchWriter::finish() {
  if (!impl_->chunk.empty() || impl_->rows == 0) impl_->flush();
  if (impl_->options.format == TextFormat::geojson) impl_->output.write("\n]}\n");
  if (impl_->options.format == TextFormat::json) impl_->output.write("\n]\n");
  impl_->output.finish();
}

std::int64_t TextMatchWriter::rows() const { return impl_->rows; }
std::span<const StatusCounts> TextMatchWriter::counts() const { return impl_->counts; }

ordered_json explain_text(const TextRow& row, const geo::Gazetteer& names, std::span<const LayerFinder> layers,
                          const answers::Labels& labels) {
  const geo::Found found = names.find(row.text, {.limit = engine::SchoolFinder::kCandidates});
  ordered_json out{{"id", row.id}, {"text", row.text}, {"address", answers::to_json(found, names)}};
  ordered_json& list = out["layers"] = ordered_json::array();
  for (const LayerFinder& layer : layers) {
    ordered_json answer{{"layer", engine::to_text(layer.key)}};
    answer.update(
        answers::to_json(row.problem.empty() ? layer.finder.find(found, query_of(row)) : unusable(row), labels));
    list.push_back(std::move(answer));
  }
  return out;
}

namespace {

std::string text_of(const ordered_json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::string evidence_line(const ordered_json& fired) {
  std::string line = "    " + text_of(fired["level"]) + " " + text_of(fired["effect"]);
  if (fired["overridden"]) line += " (overridden)";
  line += ": ";
  line += fired["quote"] != "" ? "\"" + text_of(fired["quote"]) + "\"" : "zone " + text_of(fired["zone"]);
  if (!fired["margin_m"].is_null()) line += ", line at " + fixed(fired["margin_m"], 1) + " m";
  if (!fired["notice"].is_null()) line += "; " + text_of(fired["notice"]["title"]);
  if (fired["place"] != "") line += ", " + text_of(fired["place"]);
  return line + "\n";
}

}  // namespace

std::string to_lines(const ordered_json& explanation) {
  std::string out = text_of(explanation["text"]) + ": " + text_of(explanation["address"]["status"]) + "\n";
  for (const auto& candidate : explanation["address"]["candidates"]) {
    out += "  " + text_of(candidate["text"]) + " [" + text_of(candidate["level"]) + "]";
    for (const auto& reason : candidate["reasons"]) {
      out += ", " + text_of(reason["evidence"]) + (reason["typed"] == "" ? "" : " " + text_of(reason["typed"]));
    }
    out += "\n";
  }
  for (const auto& layer : explanation["layers"]) {
    out += text_of(layer["layer"]) + ": " + text_of(layer["status"]) + "\n  " + text_of(layer["reason"]) + "\n";
    for (const auto& school : layer["schools"]) {
      out += "  school " + text_of(school["id"]) + " " + text_of(school["name"]) + ", " + text_of(school["mode"]) +
             (school["mode_unsure"].get<bool>() ? ", or otherwise" : "") + "\n";
      for (const auto& name : school["mode_doubts"]) out += "    nothing is called " + text_of(name) + "\n";
      for (const auto& condition : school["depends_on"]) {
        out += "    if " + text_of(condition["kind"]) + " " + text_of(condition["who"]) +
               (condition["holds"] ? " holds" : " does not hold") + "\n";
      }
      for (const auto& fired : school["evidence"]) out += evidence_line(fired);
    }
    for (const auto& fired : layer["against"]) out += "  not " + text_of(fired["school"]) + "\n" + evidence_line(fired);
    if (layer["phone"] != "") out += "  ask " + text_of(layer["phone"]) + "\n";
  }
  return out;
}

}  // namespace catchment::cli
