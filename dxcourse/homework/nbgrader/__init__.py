"""What nbgrader is given: settings, preprocessors, an exporter and an exchange of ours."""
