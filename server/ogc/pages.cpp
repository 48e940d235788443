#include "server/ogc/pages.hpp"

#include <initializer_list>

#include "server/api/json_text.hpp"
#include "server/ogc/times.hpp"

namespace catchment::ogc {

const std::string_view kPageStyle =
    "body{font:16px/1.6 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;color:#222;background:#fff;"
    "max-width:72rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem;margin:.6rem 0}h2{font-size:1.15rem;margin:1.2rem 0 .4rem}a{color:#0f5f66}"
    "nav{color:#555}.en{color:#555;font-size:.92em}.note{border-left:.25rem solid #b3402e;padding-left:.6rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid #ccc;padding:.25rem .5rem;"
    "text-align:left;vertical-align:top}th{background:#f3f1ea}footer{margin-top:2rem;color:#555}";

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string both(std::string_view zh, std::string_view en) {
  return api::concat({escaped(zh), " <span class=\"en\" lang=\"en\">", escaped(en), "</span>"});
}

// `inner` is HTML already.
std::string anchor(std::string_view href, std::string_view inner) {
  return api::concat({"<a href=\"", escaped(href), "\">", inner, "</a>"});
}

std::string table_row(std::string_view tag, std::initializer_list<std::string> cells) {
  std::string out = "<tr>";
  for (const std::string& cell : cells) out += api::concat({"<", tag, ">", cell, "</", tag, ">"});
  return out + "</tr>";
}

std::string value_html(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return escaped(*text);
  if (const auto* number = std::get_if<int>(&value)) return std::to_string(*number);
  std::string out;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    for (const std::string& text : *texts) out += (out.empty() ? "" : "、") + escaped(text);
  }
  return out;
}

std::string feature_url(const Context& context, const Collection& collection, std::size_t feature) {
  return context.collection_url(collection) + "/items/" + percent_encoded(collection.ids[feature]);
}

const Link* find_link(std::span<const Link> links, std::string_view rel) {
  for (const Link& link : links) {
    if (link.rel == rel) return &link;
  }
  return nullptr;
}

std::string head_of(std::string_view plain_title, std::string_view base, std::string_view crumbs,
                    std::string_view heading) {
  return api::concat(
      {"<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
       "content=\"width=device-width, initial-scale=1\"><title>",
       escaped(plain_title), "</title><link rel=\"stylesheet\" href=\"", escaped(base),
       "/page.css\"></head><body><nav>", crumbs, "</nav><h1>", heading, "</h1>\n"});
}

// A page under the landing page; crumbs are HTML.
std::string whole_page(const Context& context, std::string_view plain_title, std::string_view crumbs,
                       std::string_view heading, std::string_view body, std::span<const Link> links) {
  std::string out = head_of(api::concat({plain_title, " · ", service_title(context.published)}), context.base,
                            anchor(context.base, both("首页", "Home")) + std::string(crumbs), heading);
  if (context.published.synthetic) {
    out += "<p class=\"note\">" +
           both("数据为虚构：其中的学校、人和地址都不是真实的。",
                "The data are made up: no school, person or address is real.") +
           "</p>\n";
  }
  out.append(body);
  out += "<footer>";
  if (const Link* other = find_link(links, "alternate"))
    out += "<p>" + anchor(other->href, both("机器可读（JSON）", "The same as JSON")) + "</p>";
  if (!context.published.attribution.empty())
    out += "<p>" + both("数据来源：", "Data: ") + escaped(context.published.attribution) + "</p>";
  return out + "</footer></body></html>\n";
}

std::string collections_crumb(const Context& context) {
  return " › " + anchor(context.base + "/collections", both("数据集", "Collections"));
}

std::string collection_crumb(const Context& context, const Collection& collection) {
  return collections_crumb(context) + " › " +
         anchor(context.collection_url(collection), both(collection.title_zh, collection.title_en));
}

std::string collection_table(const Context& context) {
  std::string out =
      "<table>" + table_row("th", {both("数据集", "Collection"), both("要素数", "Features"), both("浏览", "Browse")});
  for (const Collection& collection : context.published.collections) {
    const std::string url = context.collection_url(collection);
    out += table_row("td", {anchor(url, both(collection.title_zh, collection.title_en)),
                            std::to_string(collection.size()), anchor(url + "/items", both("要素", "Features"))});
  }
  return out + "</table>\n";
}

std::string degrees_text(const geo::Box& box) {
  std::string out;
  for (const std::int32_t units : {box.min.lon, box.min.lat, box.max.lon, box.max.lat}) {
    if (!out.empty()) out += ", ";
    api::append_degrees(out, units);
  }
  return out;
}

}  // namespace

std::string landing_page(const Context& context, std::span<const Link> links) {
  std::string body =
      "<p>" +
      both("招生片区、学校、校区与基本单元，公开、只读，可在 QGIS 中打开（WFS / OGC API - Features，地址：",
           "Zones, schools, campuses and units, public and read-only; open in QGIS as WFS / OGC API - "
           "Features with the address ") +
      "<code>" + escaped(context.base) + "</code>）</p>\n" + collection_table(context);
  body += "<h2>" + both("关于本服务", "About this service") + "</h2><ul><li>" +
          anchor(context.base + "/collections", both("全部数据集", "All collections")) + "</li><li>" +
          anchor(context.base + "/api", both("接口说明", "The API's description")) + "</li><li>" +
          anchor(context.base + "/conformance", both("遵循的标准", "Conformance")) + "</li></ul>\n";
  const std::string title = service_title(context.published);
  return whole_page(context, "OGC API - Features", "", escaped(title), body, links);
}

std::string conformance_page(const Context& context, std::span<const Link> links) {
  std::string body = "<ul>";
  for (const std::string_view uri : conformance_classes()) body += "<li><code>" + escaped(uri) + "</code></li>";
  return whole_page(context, "遵循的标准 Conformance", "", both("遵循的标准", "Conformance"), body + "</ul>\n", links);
}

std::string collections_page(const Context& context, std::span<const Link> links) {
  return whole_page(context, "数据集 Collections", "", both("数据集", "Collections"), collection_table(context), links);
}

std::string collection_page(const Context& context, const Collection& collection, std::span<const Link> links) {
  const std::string url = context.collection_url(collection);
  std::string body = "<p>" + both(collection.description_zh, collection.description_en) + "</p><p>" +
                     anchor(url + "/items", both("浏览要素", "Browse the features")) + " · " +
                     anchor(url + "/queryables", both("可筛选属性", "What it can be filtered by")) + "</p>\n<table>";
  body += table_row("td", {both("编号", "Id"), "<code>" + escaped(collection.id) + "</code>"});
  body += table_row("td", {both("要素数", "Features"), std::to_string(collection.size())});
  if (!collection.extent.empty())
    body +=
        table_row("td", {both("范围（经度、纬度）", "Extent (longitude, latitude)"), degrees_text(collection.extent)});
  if (!collection.times.empty()) {
    body += table_row("td", {both("时间", "Time"), to_text(collection.time.begin) + " – " +
                                                       to_text(collection.time.end - std::chrono::seconds(1))});
  }
  std::string systems;
  for (const Crs& crs : context.systems) {
    if (offered(collection, crs)) systems += "<code>" + escaped(crs.uri) + "</code><br>";
  }
  body += table_row("td", {both("坐标系", "Reference systems"), systems}) + "</table>\n<h2>" +
          both("属性", "Properties") + "</h2><table>" +
          table_row("th", {both("名称", "Name"), both("含义", "Meaning")});
  for (const Field& field : collection.fields)
    body += table_row("td", {"<code>" + escaped(field.name) + "</code>", both(field.zh, field.en)});
  return whole_page(context, title_of(collection), collections_crumb(context),
                    both(collection.title_zh, collection.title_en), body + "</table>\n", links);
}

std::string queryables_page(const Context& context, const Collection& collection, std::span<const Link> links) {
  std::string body = "<p>" +
                     both("在要素地址后加上 名称=值，只列出相等的要素。",
                          "Add name=value to the address of the features to have only those where it is equal.") +
                     "</p>\n<table>" + table_row("th", {both("名称", "Name"), both("含义", "Meaning")});
  for (const Field& field : collection.fields) {
    if (field.queryable)
      body += table_row("td", {"<code>" + escaped(field.name) + "</code>", both(field.zh, field.en)});
  }
  return whole_page(context, "可筛选属性 Queryables", collection_crumb(context, collection),
                    both("可筛选属性", "Queryables"), body + "</table>\n", links);
}

std::string api_page(const Context& context, const ApiDocument& document, std::span<const Link> links) {
  std::string body = "<p>" +
                     both("以下地址都用 GET 读取。参数须完全正确，未知的参数会被拒绝。",
                          "All of these are read by GET. Parameters must be right; an unknown one is refused.") +
                     "</p>\n<table>" + table_row("th", {both("地址", "Address"), both("内容", "What")});
  for (const ApiPath& path : document.paths)
    body += table_row("td", {"<code>" + escaped(context.base + path.path) + "</code>", escaped(path.summary)});
  return whole_page(context, "接口说明 API", "", both("接口说明", "The API"), body + "</table>\n", links);
}

std::string items_page(const Context& context, const Collection& collection, const Selection& selection,
                       std::size_t first, std::size_t returned, std::span<const Link> links) {
  std::string pager;
  if (const Link* prev = find_link(links, "prev")) pager += anchor(prev->href, both("上一页", "Previous")) + " ";
  if (const Link* next = find_link(links, "next")) pager += anchor(next->href, both("下一页", "Next"));
  std::string body = "<p>" + both("符合条件的要素数：", "Features that match: ") + std::to_string(selection.matched);
  if (returned > 0)
    body += both("；本页：", "; on this page: ") + std::to_string(first + 1) + "–" + std::to_string(first + returned);
  body += "</p><p>" + pager + "</p>\n<table><tr>";
  for (const Field& field : collection.fields) body += "<th>" + both(field.zh, field.name) + "</th>";
  body += "</tr>";
  for (std::size_t i = 0; i < returned; ++i) {
    const std::size_t feature = selection.at(first + i);
    const auto values = collection.values_of(feature);
    body += "<tr>";
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::string text = value_html(values[k]);
      body += "<td>" + (k == 0 ? anchor(feature_url(context, collection, feature), text) : text) + "</td>";
    }
    body += "</tr>\n";
  }
  return whole_page(context, title_of(collection), collection_crumb(context, collection),
                    both(collection.title_zh + "：要素", collection.title_en + ": features"),
                    body + "</table><p>" + pager + "</p>\n", links);
}

std::string feature_page(const Context& context, const Collection& collection, std::size_t feature,
                         std::span<const Link> links) {
  std::string body = "<table>";
  const auto values = collection.values_of(feature);
  for (std::size_t k = 0; k < values.size(); ++k)
    body += table_row("td", {both(collection.fields[k].zh, collection.fields[k].name), value_html(values[k])});
  geo::Box box;
  const Shapes& shapes = collection.shapes;
  for (std::uint32_t v = shapes.rings[shapes.parts[shapes.features[feature]]];
       v < shapes.rings[shapes.parts[shapes.features[feature + 1]]]; ++v)
    box.extend(shapes.vertices[v]);
  if (!box.empty())
    body += table_row("td", {both("范围（经度、纬度）", "Extent (longitude, latitude)"), degrees_text(box)});
  return whole_page(context, collection.ids[feature],
                    collection_crumb(context, collection) + " › " +
                        anchor(context.collection_url(collection) + "/items", both("要素", "Features")),
                    escaped(collection.ids[feature]), body + "</table>\n", links);
}

}  // namespace catchment::ogc
