#include "server/publish/layer_words.hpp"

#include <algorithm>

#include "engine/zone_text/address_groups.hpp"
#include "engine/zone_text/print.hpp"
#include "server/publish/notice_lines.hpp"

namespace catchment::publish {
namespace {

using answers::ordered_json;
using namespace engine::zone_text;

LayerNotice notice_of_rows(const BundleCity& city, const BundleLayer& layer) {
  LayerNotice out;
  for (const engine::ZoneRow& row : layer.rows) {
    out.lines.push_back({row.school_id, city.school_name(row.school_id), row.campus, row.zone_id, row.text});
    const auto notice = city.labels.notices.find(row.notice_id);
    if (out.notice.id.empty() && notice != city.labels.notices.end()) out.notice = notice->second;
  }
  return out;
}

PrintZone zone_to_print(const BundleCity& city, const engine::Zone& zone) {
  PrintZone out;
  for (const std::string& id : zone.school_ids) {
    if (out.school.empty()) out.school = city.school_name(id);
    const auto campuses = city.campuses.find(id);
    if (campuses == city.campuses.end()) continue;
    for (const engine::Campus& campus : campuses->second) out.seeds.push_back(campus.position);
  }
  out.shape = zone.shape;
  return out;
}

std::string words_for(const BundleCity& city, const engine::Zone& zone, const std::string& school,
                      const std::string& text) {
  std::string partners;
  for (const std::string& id : zone.school_ids) {
    if (id != school) partners += (partners.empty() ? "" : "、") + city.school_name(id);
  }
  return partners.empty() ? text : with_partners(text, partners);
}

LayerNotice notice_of_zones(const BundleCity& city, const BundleLayer& layer, const Ground& ground) {
  std::vector<PrintZone> zones;
  for (const engine::Zone& zone : layer.zones) zones.push_back(zone_to_print(city, zone));
  const std::vector<Printed> printed = print_zones(zones, ground);
  LayerNotice out;
  out.printed = true;
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const engine::Zone& zone = layer.zones[i];
    for (const std::string& id : zone.school_ids) {
      out.lines.push_back({id, city.school_name(id), "", zone.id, words_for(city, zone, id, printed[i].text)});
    }
    const auto notice = city.labels.notices.find(zone.notice_id);
    if (out.notice.id.empty() && notice != city.labels.notices.end()) out.notice = notice->second;
  }
  return out;
}

std::string cell_of_markdown(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::vector<LintRow> rows_to_compare(const BundleCity& city, const std::vector<engine::ZoneRow>& rows) {
  std::vector<LintRow> out;
  for (const engine::ZoneRow& row : rows) {
    out.push_back({row.school_id, city.school_name(row.school_id), row.text, {}, ""});
  }
  return out;
}

std::string joined_names(const BundleCity& city, const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : "、") + city.school_name(id);
  return out;
}

}  // namespace

LayerNotice notice_of(const BundleCity& city, const BundleLayer& layer, const Ground& ground) {
  return layer.rows.empty() ? notice_of_zones(city, layer, ground) : notice_of_rows(city, layer);
}

std::string notice_csv(const LayerNotice& notice) {
  std::string out = "学校,校区,招生范围\r\n";
  for (const NoticeLine& line : notice.lines) {
    out += csv_field(line.school) + "," + csv_field(line.campus) + "," + csv_field(line.words) + "\r\n";
  }
  return out;
}

std::string notice_markdown(const LayerNotice& notice) {
  std::string out = "| 学校 | 校区 | 招生范围 |\n|---|---|---|\n";
  for (const NoticeLine& line : notice.lines) {
    out += "| " + cell_of_markdown(line.school) + " | " + cell_of_markdown(line.campus) + " | " +
           cell_of_markdown(line.words) + " |\n";
  }
  return out;
}

LayerChanges changes_of(const BundleCity& city, const BundleLayer& layer, const std::vector<AddressMove>& moves) {
  LayerChanges out;
  if (!layer.before) return out;
  out.before = engine::to_text(*layer.before);
  for (const AddressMove& move : moves) {
    MoveWords& words = out.moves.emplace_back();
    words.before = move.before, words.after = move.after, words.sure = move.sure;
    words.addresses = move.addresses.size();
    out.addresses += words.addresses;
    for (const AddressGroup& group : group_addresses(*city.names, move.addresses)) words.ranges.push_back(group.text);
  }
  const std::vector<engine::LayerKey> with_rows = city.package.zone_row_layers();
  out.words_compared = !layer.rows.empty() && std::ranges::find(with_rows, *layer.before) != with_rows.end();
  if (out.words_compared) {
    out.clauses = diff_clauses(rows_to_compare(city, city.package.zone_rows(*layer.before)),
                               rows_to_compare(city, layer.rows), city.names.get());
  }
  return out;
}

ordered_json changes_json(const LayerChanges& changes) {
  if (changes.before.empty()) return nullptr;
  ordered_json moves = ordered_json::array(), clauses = ordered_json::array();
  for (const MoveWords& m : changes.moves) {
    moves.push_back(
        {{"before", m.before}, {"after", m.after}, {"sure", m.sure}, {"addresses", m.addresses}, {"ranges", m.ranges}});
  }
  for (const ClauseDiff& c : changes.clauses) {
    clauses.push_back({{"change", engine::zone_text::to_word(c.change)},
                       {"school", c.school_id},
                       {"from_school", c.from_school_id},
                       {"before", c.before},
                       {"after", c.after}});
  }
  return {{"before", changes.before},
          {"addresses", changes.addresses},
          {"moves", moves},
          {"words_compared", changes.words_compared},
          {"clauses", clauses}};
}

std::string changes_csv(const BundleCity& city, const LayerChanges& changes) {
  std::string out = "before,before_names,after,after_names,sure,addresses,ranges\r\n";
  const auto ids = [](const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& id : list) text += (text.empty() ? "" : ";") + id;
    return text;
  };
  for (const MoveWords& m : changes.moves) {
    std::string ranges;
    for (const std::string& range : m.ranges) ranges += (ranges.empty() ? "" : "；") + range;
    out += csv_field(ids(m.before)) + "," + csv_field(joined_names(city, m.before)) + "," + csv_field(ids(m.after)) +
           "," + csv_field(joined_names(city, m.after)) + "," + (m.sure ? "yes" : "no") + "," +
           std::to_string(m.addresses) + "," + csv_field(ranges) + "\r\n";
  }
  return out;
}

}  // namespace catchment::publish
