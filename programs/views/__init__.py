from programs.views import public
