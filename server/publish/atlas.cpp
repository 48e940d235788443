#include "server/publish/atlas.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "server/publish/canvas.hpp"
#include "server/publish/map_frame.hpp"

namespace catchment::publish {
namespace {

constexpr std::uint32_t kInkOfText = 0x233533, kPaleInk = 0x5b6663;
constexpr double kPixelsPerPoint = 2;  // 144 a inch
constexpr double kA4Wide = 595.28, kA4Tall = 841.89, kA3Wide = 1190.55, kA3Tall = 841.89;

struct SheetText {
  const BundleCity* city = nullptr;
  const BundleOptions* options = nullptr;
  const LayerParts* parts = nullptr;
};

std::string stage_name(engine::Stage stage) {
  return stage == engine::Stage::primary ? "小学" : stage == engine::Stage::junior ? "初中" : "高中";
}

std::string year_name(const SheetText& t) {
  const int year = t.parts->layer->key.school_year;
  return std::to_string(year) + "—" + std::to_string(year + 1) + "学年";
}

std::string kind_name(const SheetText& t) {
  const std::string& kind = t.parts->layer->key.kind;
  return kind == "general" ? "" : "（" + kind + "）";
}

std::string publisher_of(const SheetText& t) {
  return t.parts->notice.notice.bureau.empty() ? t.city->city : t.parts->notice.notice.bureau;
}

// Source, reference system, date; the approval number to the right.
void draw_footer(Canvas& canvas, const SheetText& t, const Area& area) {
  const TextStyle style{7.2, false, Face::sans, kPaleInk, Align::left, 0, area.w * 0.68};
  std::string text = "资料来源：";
  text += t.parts->notice.notice.title.empty() ? "城市数据包" : "《" + t.parts->notice.notice.title + "》";
  if (!t.city->attribution.empty()) text += "；" + t.city->attribution;
  text += "\n坐标系：2000国家大地坐标系（CGCS2000），中纬度等距圆柱投影。片区以公告文字为准，本图仅供参考。";
  canvas.text({area.x, area.y}, text, style);
  const std::string number = t.options->approval_no.empty() ? "________________（待审核）" : t.options->approval_no;
  canvas.text({area.right(), area.y}, "审图号：" + number, {9, true, Face::sans, kInkOfText, Align::right});
  canvas.text({area.right(), area.y + 14}, publisher_of(t), {7.2, false, Face::sans, kPaleInk, Align::right});
  canvas.text({area.right(), area.y + 25}, t.options->date + " 编制", {7.2, false, Face::sans, kPaleInk, Align::right});
}

geo::Box grown(geo::Box box, double share, double least_m) {
  const double lat = geo::to_degrees(box.min).lat;
  const double per_m = 1 / 0.0111319;
  const auto widen = [&](std::int32_t& low, std::int32_t& high, double unit) {
    const double span = static_cast<double>(high) - low;
    const double add = std::max(span * share, (least_m * unit - span) / 2);
    low -= static_cast<std::int32_t>(add), high += static_cast<std::int32_t>(add);
  };
  widen(box.min.lon, box.max.lon, per_m / std::cos(lat * 0.017453292519943295));
  widen(box.min.lat, box.max.lat, per_m);
  return box;
}

// --- the city's sheet ---------------------------------------------------------------------------------------------

// Schools that have zones of the layer, by id.
std::vector<std::string> schools_of_layer(const BundleLayer& layer) {
  std::set<std::string> ids;
  for (const engine::Zone& zone : layer.zones) ids.insert(zone.school_ids.begin(), zone.school_ids.end());
  return {ids.begin(), ids.end()};
}

// Numbers and names, in as many columns and as small as they need.
void draw_index(Canvas& canvas, const SheetText& t, const std::vector<std::string>& ids, const Area& area) {
  canvas.text({area.x, area.y}, "学 校 索 引", {10.5, true, Face::serif, kInkOfText});
  const Area list{area.x, area.y + 20, area.w, area.h - 20};
  double size = 8.4;
  std::size_t columns = 1;
  while (static_cast<double>(ids.size()) * size * 1.5 > list.h * static_cast<double>(columns) && size > 4.6) {
    if (columns < 2) {
      ++columns;
    } else {
      size -= 0.4;
    }
  }
  const auto rows = static_cast<std::size_t>(list.h / (size * 1.5));
  const double wide = list.w / static_cast<double>(columns);
  const TextStyle number{size, true, Face::sans, kInkOfText, Align::right};
  for (std::size_t i = 0; i < ids.size() && i < rows * columns; ++i) {
    const double x = list.x + wide * static_cast<double>(i / rows),
                 y = list.y + size * 1.5 * static_cast<double>(i % rows);
    canvas.text({x + size * 1.9, y}, std::to_string(i + 1), number);
    TextStyle name{size, false, Face::sans, kInkOfText, Align::left, 0, wide - size * 2.6 - 4, size * 1.3};
    canvas.text({x + size * 2.5, y}, t.city->school_name(ids[i]), name);
  }
}

void draw_city_sheet(Canvas& canvas, const SheetText& t, const MapGround& ground) {
  const std::vector<std::string> ids = schools_of_layer(*t.parts->layer);
  const Area map{50, 96, 860, kA3Tall - 96 - 74};
  const Area side{map.right() + 34, map.y - 14, kA3Wide - map.right() - 34 - 36, map.h + 28};
  canvas.text({map.x - 14 + (map.w + 28) / 2, 26},
              t.city->city + stage_name(t.parts->layer->key.stage) + "招生片区图" + kind_name(t),
              {27, true, Face::serif, kInkOfText, Align::centre});
  canvas.text({map.x + map.w / 2, 62}, year_name(t), {12, false, Face::serif, kPaleInk, Align::centre});
  geo::Box box = t.parts->tiles.box;
  const MapScale scale(grown(box, 0.02, 500), map);
  const MapContent content{t.city, t.parts->layer, &t.parts->tiles.colours, &ground, "", ids};
  draw_map(canvas, content, scale, map);
  canvas.stroke(side, {0.8, kInkOfText});
  const double inner = side.x + 14;
  draw_north(canvas, {side.right() - 26, side.y + 12});
  const double below = draw_legend(canvas, {inner, side.y + 12}, false);
  draw_scale_bar(canvas, scale, {inner, below + 8}, side.w * 0.6);
  canvas.stroke({{side.x, below + 50}, {side.right(), below + 50}}, false, {0.5, kInkOfText});
  draw_index(canvas, t, ids, {inner, below + 60, side.w - 24, side.bottom() - below - 68});
  draw_footer(canvas, t, {36, kA3Tall - 50, kA3Wide - 72, 40});
}

// --- a school's page ----------------------------------------------------------------------------------------------

std::string words_of_school(const SheetText& t, const std::string& id) {
  std::string words;
  for (const NoticeLine& line : t.parts->notice.lines) {
    if (line.school_id != id) continue;
    words += (words.empty() ? "" : "\n") + (line.campus.empty() ? "" : line.campus + "：") + line.words;
  }
  return words;
}

std::string changes_of_school(const SheetText& t, const std::string& id) {
  if (t.parts->changes.before.empty()) return "";
  std::size_t gained = 0, lost = 0;
  for (const MoveWords& move : t.parts->changes.moves) {
    const bool before = std::ranges::find(move.before, id) != move.before.end();
    const bool after = std::ranges::find(move.after, id) != move.after.end();
    if (after && !before) gained += move.addresses;
    if (before && !after) lost += move.addresses;
  }
  if (gained + lost == 0) return "与上一学年相同";
  return "与上一学年相比：划入 " + std::to_string(gained) + " 个地址，划出 " + std::to_string(lost) + " 个地址";
}

std::string partners_of_school(const SheetText& t, const std::string& id) {
  std::set<std::string> partners;
  for (const engine::Zone& zone : t.parts->layer->zones) {
    if (std::ranges::find(zone.school_ids, id) == zone.school_ids.end()) continue;
    for (const std::string& other : zone.school_ids) {
      if (other != id) partners.insert(t.city->school_name(other));
    }
  }
  std::string text;
  for (const std::string& name : partners) text += (text.empty() ? "" : "、") + name;
  return text;
}

double draw_paragraph(Canvas& canvas, double x, double y, double width, double height, const std::string& head,
                      const std::string& text) {
  if (text.empty()) return y;
  canvas.text({x, y}, head, {9.5, true, Face::serif, kInkOfText});
  const Area taken =
      canvas.text({x, y + 14}, text, {8.6, false, Face::sans, kInkOfText, Align::left, 0, width, height});
  return y + 14 + taken.h + 9;
}

geo::Box box_of_school(const SheetText& t, const std::string& id) {
  geo::Box box;
  for (const engine::Zone& zone : t.parts->layer->zones) {
    if (std::ranges::find(zone.school_ids, id) != zone.school_ids.end()) box.extend(geo::bounding_box(zone.shape));
  }
  if (const auto campuses = t.city->campuses.find(id); campuses != t.city->campuses.end()) {
    for (const engine::Campus& campus : campuses->second) box.extend(campus.position);
  }
  return box;
}

void draw_school_page(Canvas& canvas, const SheetText& t, const MapGround& ground, const std::string& id, int page) {
  const Area map{44, 96, kA4Wide - 88, 486};
  canvas.text({kA4Wide / 2, 28}, t.city->school_name(id),
              {21, true, Face::serif, kInkOfText, Align::centre, 0, kA4Wide - 80, 26});
  canvas.text({kA4Wide / 2, 58},
              year_name(t) + " " + stage_name(t.parts->layer->key.stage) + "招生片区图" + kind_name(t),
              {10.5, false, Face::serif, kPaleInk, Align::centre});
  const MapScale scale(grown(box_of_school(t, id), 0.06, 500), map);
  draw_map(canvas, {t.city, t.parts->layer, &t.parts->tiles.colours, &ground, id}, scale, map);
  const double top = map.bottom() + 30, left = 36, bottom = kA4Tall - 62;
  const double below = draw_legend(canvas, {left, top}, true);
  draw_scale_bar(canvas, scale, {left, below + 6}, 110);
  draw_north(canvas, {left + 128, top});
  const double x = left + 178, width = kA4Wide - 36 - x;
  canvas.stroke({{x - 14, top}, {x - 14, bottom}}, false, {0.5, 0xb9beb8});
  double y = top;
  const std::string partners = partners_of_school(t, id), changed = changes_of_school(t, id);
  const double room = bottom - top - 14 - (partners.empty() ? 0 : 38) - (changed.empty() ? 0 : 38);
  y = draw_paragraph(canvas, x, y, width, room, "招生范围", words_of_school(t, id));
  y = draw_paragraph(canvas, x, y, width, 12, "共享片区", partners);
  draw_paragraph(canvas, x, y, width, 12, "变化", changed);
  draw_footer(canvas, t, {36, kA4Tall - 50, kA4Wide - 72, 40});
  canvas.text({kA4Wide / 2, kA4Tall - 18}, std::to_string(page), {7.5, false, Face::sans, kPaleInk, Align::centre});
}

std::string file_of_school(const std::string& id) {
  std::string name;
  for (const char c : id) name += c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  return name == "." || name == ".." || name == "city" ? name + "_" : name;
}

}  // namespace

std::size_t write_atlas(const BundleCity& city, const BundleOptions& options, const std::vector<LayerParts>& layers,
                        BundleDir& dir, const Report& report) {
  const MapGround ground = read_map_ground(city);
  std::size_t sheets = 0, all = 0;
  for (const LayerParts& parts : layers) all += 1 + schools_of_layer(*parts.layer).size();
  PdfFile pdf(dir.make_place("atlas/atlas.pdf"), city.city + " " + std::to_string(city.school_year), options.date);
  const auto add = [&](const std::string& name, double width, double height, const std::function<void(Canvas&)>& draw) {
    tell(report, "atlas", static_cast<double>(sheets) / static_cast<double>(all));
    pdf.add_page(width, height, draw);
    write_png(dir.make_place("atlas/" + name + ".png"), width, height, kPixelsPerPoint, draw);
    ++sheets;
  };
  for (const LayerParts& parts : layers) {
    if (parts.tiles.box.empty()) continue;
    const SheetText t{&city, &options, &parts};
    add(parts.layer->name + "/city", kA3Wide, kA3Tall, [&](Canvas& canvas) { draw_city_sheet(canvas, t, ground); });
    for (const std::string& id : schools_of_layer(*parts.layer)) {
      if (box_of_school(t, id).empty()) continue;
      const int page = static_cast<int>(sheets) + 1;
      add(parts.layer->name + "/" + file_of_school(id), kA4Wide, kA4Tall,
          [&](Canvas& canvas) { draw_school_page(canvas, t, ground, id, page); });
    }
  }
  pdf.finish();
  return sheets;
}

}  // namespace catchment::publish
