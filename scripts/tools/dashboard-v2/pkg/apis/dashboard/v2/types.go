// Package v2 stands in for Grafana's own types of the dashboard schema v2, of which no module is served: of that schema's JSON what
// dashboard-linter reads, and no more. Written from the schema's documentation.
package v2

import "encoding/json"

type DashboardSpec struct {
	Title       string                         `json:"title"`
	Editable    *bool                          `json:"editable"`
	Elements    map[string]DashboardElement    `json:"elements"`
	Variables   []DashboardVariableKind        `json:"variables"`
	Annotations []DashboardAnnotationQueryKind `json:"annotations"`
}

// DashboardElement is one of several kinds; a library panel has nothing to look at.
type DashboardElement struct{ PanelKind *DashboardPanelKind }

func (e *DashboardElement) UnmarshalJSON(data []byte) error {
	kind, err := kindOf(data)
	if err != nil || kind != "Panel" {
		return err
	}
	return json.Unmarshal(data, &e.PanelKind)
}

type DashboardPanelKind struct {
	Spec DashboardPanelSpec `json:"spec"`
}

type DashboardPanelSpec struct {
	Id          float64 `json:"id"`
	Title       string  `json:"title"`
	Description string  `json:"description"`
	Data        struct {
		Spec struct {
			Queries []DashboardPanelQueryKind `json:"queries"`
		} `json:"spec"`
	} `json:"data"`
	VizConfig struct {
		Group string `json:"group"`
		Spec  struct {
			Options     map[string]any `json:"options"`
			FieldConfig map[string]any `json:"fieldConfig"`
		} `json:"spec"`
	} `json:"vizConfig"`
}

type DashboardPanelQueryKind struct {
	Spec struct {
		RefId  string                 `json:"refId"`
		Hidden bool                   `json:"hidden"`
		Query  DashboardDataQueryKind `json:"query"`
	} `json:"spec"`
}

type DashboardDataQueryKind struct {
	Group      string `json:"group"`
	Datasource *struct {
		Name *string `json:"name"`
	} `json:"datasource"`
	Spec map[string]any `json:"spec"`
}

type DashboardAnnotationQueryKind struct {
	Spec struct {
		Name  string                 `json:"name"`
		Query DashboardDataQueryKind `json:"query"`
	} `json:"spec"`
}

type DashboardVariableRefresh string

const (
	DashboardVariableRefreshOnDashboardLoad    DashboardVariableRefresh = "onDashboardLoad"
	DashboardVariableRefreshOnTimeRangeChanged DashboardVariableRefresh = "onTimeRangeChanged"
)

type named struct {
	Name     string                   `json:"name"`
	Label    *string                  `json:"label"`
	Multi    bool                     `json:"multi"`
	AllValue *string                  `json:"allValue"`
	Refresh  DashboardVariableRefresh `json:"refresh"`
}

type QueryVariable struct {
	Spec struct {
		named
		Query DashboardDataQueryKind `json:"query"`
	} `json:"spec"`
}

type DatasourceVariable struct {
	Spec struct {
		named
		PluginId string `json:"pluginId"`
	} `json:"spec"`
}

type TextVariable struct {
	Spec struct {
		named
		Query string `json:"query"`
	} `json:"spec"`
}

type PlainVariable struct {
	Spec struct{ named } `json:"spec"`
}

type DashboardVariableKind struct {
	QueryVariableKind      *QueryVariable
	DatasourceVariableKind *DatasourceVariable
	CustomVariableKind     *TextVariable
	IntervalVariableKind   *TextVariable
	ConstantVariableKind   *TextVariable
	TextVariableKind       *TextVariable
	AdhocVariableKind      *PlainVariable
	GroupByVariableKind    *PlainVariable
	SwitchVariableKind     *PlainVariable
}

func (v *DashboardVariableKind) UnmarshalJSON(data []byte) error {
	kind, err := kindOf(data)
	if err != nil {
		return err
	}
	into := map[string]any{
		"QueryVariable":      &v.QueryVariableKind,
		"DatasourceVariable": &v.DatasourceVariableKind,
		"CustomVariable":     &v.CustomVariableKind,
		"IntervalVariable":   &v.IntervalVariableKind,
		"ConstantVariable":   &v.ConstantVariableKind,
		"TextVariable":       &v.TextVariableKind,
		"AdhocVariable":      &v.AdhocVariableKind,
		"GroupByVariable":    &v.GroupByVariableKind,
		"SwitchVariable":     &v.SwitchVariableKind,
	}[kind]
	if into == nil {
		return nil
	}
	return json.Unmarshal(data, into)
}

func kindOf(data []byte) (string, error) {
	var of struct {
		Kind string `json:"kind"`
	}
	err := json.Unmarshal(data, &of)
	return of.Kind, err
}
