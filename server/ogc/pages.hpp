// The same resources as plain pages: Chinese first, English beside it, no script, nothing from elsewhere.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/ogc/documents.hpp"

namespace catchment::ogc {

extern const std::string_view kPageStyle;  // the style sheet of all pages, served at /ogc/page.css

// `links` are those of the JSON answer; the page offers the alternate among them, and next and prev.
std::string landing_page(const Context& context, std::span<const Link> links);
std::string conformance_page(const Context& context, std::span<const Link> links);
std::string collections_page(const Context& context, std::span<const Link> links);
std::string collection_page(const Context& context, const Collection& collection, std::span<const Link> links);
std::string queryables_page(const Context& context, const Collection& collection, std::span<const Link> links);
std::string api_page(const Context& context, const ApiDocument& document, std::span<const Link> links);
// The features first, first + 1, ... of the selection, `returned` of them.
std::string items_page(const Context& context, const Collection& collection, const Selection& selection,
                       std::size_t first, std::size_t returned, std::span<const Link> links);
std::string feature_page(const Context& context, const Collection& collection, std::size_t feature,
                         std::span<const Link> links);

}  // namespace catchment::ogc
